/** The menu of a thing: what can be done to it. Shown where the canvas, or `m`, asked for it. */
import { useEffect, useRef, useState } from "react";
import { useMenu } from "../../state/menu.ts";
import { usePlayer } from "../../state/player.tsx";
import { useSelection, writeThing } from "../../state/selection.ts";
import { type MenuItem, PointMenu } from "../../widgets/Menu.tsx";
import { text } from "../text.ts";
import { useDo } from "../workbench/useDo.ts";
import { messageOf, type Offer, offersFor } from "./acts.ts";
import { FaultIcon } from "./FaultIcon.tsx";
import styles from "./faults.module.css";

export interface FaultMenuProps {
  /** Shows the inspector, where it is not always in sight. */
  readonly onInspect: () => void;
}

export function FaultMenu({ onInspect }: FaultMenuProps) {
  const request = useMenu((state) => state.request);
  const close = useMenu((state) => state.close);
  const select = useSelection((state) => state.select);
  const player = usePlayer();
  const act = useDo();
  const origin = useRef<Element | null>(null);
  const [showsAll, setShowsAll] = useState(false);

  useEffect(() => {
    if (request !== null) origin.current = document.activeElement;
  }, [request]);

  if (request === null) return null;
  const { thing, x, y } = request;
  const { world } = player.moment();
  const message = thing.kind === "message" ? messageOf(thing.id, world, player.timeline.trace) : null;
  const name = message === null ? nameOf(writeThing(thing)) : text.faults.message(message);
  const all = offersFor(thing, world, player.timeline.trace);
  const controls: readonly string[] | undefined = player.run?.scenario?.lesson?.controls;
  const offered = controls === undefined || showsAll ? all : all.filter(({ id }) => controls.includes(id));
  const items: MenuItem[] = offered.map((offer) => itemOf(offer, act));
  // What a lab does not need is hidden, one click away.
  if (offered.length < all.length)
    items.push({
      kind: "action",
      id: "every-fault",
      label: text.bench.everyFault,
      onSelect: () => {
        setShowsAll(true);
        setTimeout(() => useMenu.getState().ask(thing, x, y));
      },
    });
  if (items.length > 0) items.push({ kind: "rule", id: "rule" });
  items.push({
    kind: "action",
    id: "inspect",
    label: text.faults.inspect,
    shortcut: "Enter",
    onSelect: () => {
      select(thing);
      onInspect();
    },
  });
  return (
    <PointMenu
      label={text.bench.faultFor(name)}
      title={<strong className={styles.title}>{name}</strong>}
      at={{ x, y }}
      items={items}
      onClose={() => {
        close();
        if (origin.current instanceof HTMLElement || origin.current instanceof SVGElement) origin.current.focus();
      }}
    />
  );
}

function itemOf(offer: Offer, act: ReturnType<typeof useDo>): MenuItem {
  const icon = <FaultIcon kind={offer.id} />;
  if (offer.act !== null) {
    const { act: what, name, before } = offer;
    return {
      kind: "action",
      id: offer.id,
      label: offer.label,
      icon,
      ...(offer.shortcut === undefined ? {} : { shortcut: offer.shortcut }),
      onSelect: () => act(what, name, before),
    };
  }
  return {
    kind: "menu",
    id: offer.id,
    label: offer.label,
    icon,
    items: (offer.to ?? []).map((to) => ({
      kind: "action" as const,
      id: to.id,
      label: (
        <>
          {to.id === "all" ? text.faults.cutAll : to.id === "brokers" ? text.faults.cutBrokers : to.id}{" "}
          <span className={styles.role}>{text.faults.role[to.role] ?? ""}</span>
        </>
      ),
      onSelect: () => act(to.act, to.name),
    })),
  };
}

/** `replica:b1/orders-0` → `b1`, `broker:b1` → `b1`, `link:b1/b2` → `b1 – b2`. */
function nameOf(written: string): string {
  const [kind, rest = ""] = written.split(/:(.*)/s);
  if (kind === "link") return rest.replace("/", " – ");
  return kind === "replica" || kind === "record" ? (rest.split("/")[0] ?? rest) : rest;
}
