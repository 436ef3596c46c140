/** Beside the cluster of the first page: what is, in a heading; what can be done, as buttons; and the caption. */
import { useEffect, useRef } from "react";
import { Button } from "../../widgets/Button.tsx";
import { Icon } from "../../widgets/Icon.tsx";
import { Kbd } from "../../widgets/Kbd.tsx";
import { text } from "../text.ts";
import type { DemoFacts } from "./demo.ts";
import styles from "./home.module.css";
import type { DemoActions } from "./scene.ts";

const { home } = text;

export interface DemoPanelProps {
  readonly facts: DemoFacts;
  readonly caption: string;
  readonly actions: DemoActions;
  /** The button was pressed, and the simulator is not there yet. */
  readonly isBusy?: boolean;
}

export function DemoPanel({ facts, caption, actions, isBusy = false }: DemoPanelProps) {
  const [title, lead] = headingOf(facts);
  const buttons = useKeptFocus(facts.phase);
  return (
    <div className={styles.panel}>
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.lead}>{lead}</p>
      <div className={styles.buttons} ref={buttons}>
        <Buttons facts={facts} actions={actions} isBusy={isBusy} />
      </div>
      <dl className={styles.facts}>
        <dt>{home.leaderOf(facts.partition)}</dt>
        <dd>{facts.leader === null ? home.noneFor(facts.leaderlessFor) : home.leader(facts.leader, facts.epoch)}</dd>
        <dt>{home.inSync}</dt>
        <dd>{facts.isr.join(" ")}</dd>
        <dt>{home.acked}</dt>
        <dd>{facts.acked}</dd>
        <dt>{home.lost}</dt>
        <dd className={facts.lost > 0 ? styles.loss : undefined}>{facts.lost}</dd>
      </dl>
      <p className={styles.caption}>{caption}</p>
    </div>
  );
}

/** What can be done changes with the phase: a focus on a button that goes is given to the first of those that come. */
function useKeptFocus(phase: string) {
  const box = useRef<HTMLDivElement>(null);
  const isInside = useRef(false);
  useEffect(() => {
    const follow = ({ target }: FocusEvent) => {
      isInside.current = box.current?.contains(target as Node) ?? false;
    };
    document.addEventListener("focusin", follow);
    return () => document.removeEventListener("focusin", follow);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of phase that takes buttons away.
  useEffect(() => {
    if (isInside.current && document.activeElement === document.body)
      box.current?.querySelector<HTMLElement>("button, a")?.focus({ preventScroll: true });
  }, [phase]);
  return box;
}

function headingOf(facts: DemoFacts): readonly [string, string] {
  switch (facts.phase) {
    case "before":
      return [home.title, home.lead];
    case "down":
      return [home.downTitle(facts.target), home.downLead(facts.secondsLeft)];
    case "moved":
      return [home.movedTitle(facts.leader ?? ""), home.movedLead(facts.lost)];
    case "back":
      return [home.backTitle(facts.target), home.backLead];
  }
}

function Buttons({ facts, actions, isBusy = false }: Omit<DemoPanelProps, "caption">) {
  switch (facts.phase) {
    case "before":
      return <KillButton onClick={actions.kill} pressed={isBusy} />;
    case "down":
      return (
        <>
          <Button look="first" size="big" onClick={actions.skipWait}>
            <Icon name="skip" />
            {home.skipWait}
            <Kbd>n</Kbd>
          </Button>
          <BringBack actions={actions} />
        </>
      );
    case "moved":
      return (
        <>
          <NextLab />
          <BringBack actions={actions} />
        </>
      );
    case "back":
      return <NextLab />;
  }
}

/** The first lesson of the page is this button. */
export function KillButton({ onClick, pressed = false }: { readonly onClick: () => void; readonly pressed?: boolean }) {
  return (
    <Button look="first" size="big" className={styles.pulse} aria-busy={pressed || undefined} onClick={onClick}>
      <Icon name="bolt" />
      {home.kill}
      <Kbd>K</Kbd>
    </Button>
  );
}

function BringBack({ actions }: Pick<DemoPanelProps, "actions">) {
  return (
    <Button size="big" onClick={actions.bringBack}>
      {home.bringBack}
      <Kbd>R</Kbd>
    </Button>
  );
}

function NextLab() {
  return (
    <a className={styles.nextLab} href="#/lab/acks1-failover-loss">
      {home.next}
      <Icon name="next" />
    </a>
  );
}
