// biome-ignore-all lint/a11y/useSemanticElements: the rule knows HTML only; this is a group or a layer inside an SVG.
// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: the rule knows HTML only; this is a group or a layer inside an SVG.
/**
 * The canvas: the cluster at one moment as a tree of real buttons inside an SVG. It shows a model and reports what was
 * chosen; it holds no state of the run.
 *
 * Keyboard     one tab stop; arrows go to the nearest thing that way, Home and End to the first and last, Enter or
 *              Space choose, `m` or Shift+F10 ask for the menu. A right click and a long press do so too.
 */
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Thing } from "../../state/selection.ts";
import { Hatches, useHatch } from "../../widgets/Hatch.tsx";
import styles from "./canvas.module.css";
import { BrokerCard } from "./draw/BrokerCard.tsx";
import { ClientBox } from "./draw/ClientBox.tsx";
import { DrawProvider } from "./draw/context.ts";
import { GroupBox } from "./draw/GroupBox.tsx";
import { MessageLayer } from "./draw/MessageLayer.tsx";
import { Wire } from "./draw/Wire.tsx";
import { ZooKeeperServer } from "./draw/ZooKeeperServer.tsx";
import { type CanvasLayout, fitCanvas, type LayoutOptions, layoutCanvas, layoutKey } from "./layout.ts";
import { browserMeasure, estimate, type Measure } from "./measure.ts";
import { type CanvasModel, thingKey } from "./model.ts";
import { nextThing } from "./spatial.ts";
import { targetsOf } from "./targets.ts";
import { placeMessages, wireStates } from "./traffic.ts";
import { type CanvasWords, english } from "./words.ts";

export interface CanvasProps {
  readonly model: CanvasModel;
  /** A thing was chosen, by click or Enter. */
  readonly onSelect?: (thing: Thing) => void;
  /** The menu of a thing was asked for at (x, y) of the window, in px. */
  readonly onMenu?: (thing: Thing, x: number, y: number) => void;
  /** Messages stand still as arrows with numbers; nothing fades. */
  readonly reducedMotion?: boolean;
  readonly showHeartbeats?: boolean;
  /** Size in px. Without a width the canvas takes that of its frame, without a height it is as high as it needs. */
  readonly width?: number;
  readonly height?: number;
  /** Enlarges everything, for a projector. */
  readonly scale?: number;
  /** Draws smaller or larger so that all of it stands in width and height. */
  readonly fits?: boolean;
  /** `brokers` leaves out clients, ensemble and wires. */
  readonly parts?: "all" | "brokers";
  readonly words?: CanvasWords;
}

const firstWidth = 848;
const longPressMs = 500;

export function Canvas(props: CanvasProps) {
  const { model, onSelect, onMenu, reducedMotion = false, showHeartbeats = false, words = english } = props;
  const given = props.scale ?? 1;
  const frame = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  /** How large it was drawn last, and for what frame. */
  const fit = useRef<{ readonly frame: string; readonly scale: number } | null>(null);
  const [measured, setMeasured] = useState({ width: firstWidth });
  const [measure, setMeasure] = useState<Measure>(() => estimate);
  const [focused, setFocused] = useState<string | null>(null);
  const [pointed, setPointed] = useState<string | null>(null);

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    setMeasure(() => browserMeasure(element));
    if (props.width !== undefined) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setMeasured({ width: entry.contentRect.width });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [props.width]);

  const options: LayoutOptions = {
    width: (props.width ?? measured.width) / given,
    measure,
    ...(props.height === undefined ? {} : { height: props.height / given }),
    ...(props.parts === undefined ? {} : { parts: props.parts }),
  };
  const key = layoutKey(model, options);
  const frameSize = `${options.width} ${options.height}`;
  const atMost = fit.current?.frame === frameSize ? fit.current.scale : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names all that a layout depends on, and a new model each frame must not make a new one.
  const fitted = useMemo(
    () => (props.fits ? fitCanvas(model, options, atMost) : { layout: layoutCanvas(model, options), scale: 1 }),
    [key, measure, props.fits],
  );
  fit.current = { frame: frameSize, scale: fitted.scale };
  const { layout } = fitted;
  const scale = given * fitted.scale;
  const targets = useMemo(() => targetsOf(layout), [layout]);
  const selected = model.selection ? thingKey(model.selection) : null;
  const known = (candidate: string | null) => targets.some((target) => target.key === candidate);
  const tabStop = known(focused) ? focused : known(selected) ? selected : (targets[0]?.key ?? null);
  const draw = useMemo(() => ({ measure, words, tabStop, selected }), [measure, words, tabStop, selected]);

  const things = useMemo(() => new Map(targets.map((target) => [target.key, target.thing])), [targets]);
  const thingAt = useCallback(
    (node: EventTarget): Thing | null => {
      const element = node instanceof Element ? node.closest("[data-thing]") : null;
      const name = element?.getAttribute("data-thing");
      if (!element || !name) return null;
      if (name.startsWith("message:")) return { kind: "message", id: name.slice(8) };
      const thing = things.get(name) ?? null;
      const offset = node instanceof Element ? node.closest("[data-offset]")?.getAttribute("data-offset") : null;
      if (thing?.kind !== "replica" || !offset) return thing;
      return { kind: "record", broker: thing.broker, topicPartition: thing.topicPartition, offset: Number(offset) };
    },
    [things],
  );

  const states = wireStates(model, layout, showHeartbeats, pointed ?? focused);
  const visible = new Set(states.filter((state) => state.visible).map((state) => `link:${state.route.key}`));

  const press = useLongPress((event) => {
    const thing = thingAt(event.target);
    if (thing && onMenu) onMenu(thing, event.clientX, event.clientY);
    return thing !== null;
  });

  const focus = (name: string) => {
    svg.current?.querySelector<SVGGElement>(`[data-thing="${CSS.escape(name)}"] > [role="button"]`)?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const here = thingName(event.target);
    const thing = thingAt(event.target);
    if (!here || !thing || event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = arrows[event.key];
    if (direction && !event.shiftKey) {
      const drawn = targets.filter((target) => target.thing.kind !== "link" || visible.has(target.key));
      const next = nextThing(drawn, here, direction);
      if (next) focus(next);
    } else if (event.key === "Home" || event.key === "End") {
      const target = event.key === "Home" ? targets[0] : targets.at(-1);
      if (target) focus(target.key);
    } else if (event.key === "Enter" || (event.key === " " && thingKey(thing) !== selected)) {
      // On what is chosen already the space bar plays, as it does everywhere.
      onSelect?.(thing);
    } else if (
      (event.key === "m" || event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) &&
      onMenu
    ) {
      const box = (event.target as Element).getBoundingClientRect();
      onMenu(thing, box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 24));
    } else return;
    // The keys of the player (arrows, space, Home, End) must not also act.
    event.preventDefault();
    event.stopPropagation();
  };

  const onClick = (event: MouseEvent) => {
    const thing = press.swallow() ? null : thingAt(event.target);
    if (!thing) return;
    // The pointer passes through the buttons, so the focus does not follow it by itself.
    const name = thingName(event.target);
    if (name) focus(name);
    onSelect?.(thing);
  };

  const onContextMenu = (event: MouseEvent) => {
    const thing = thingAt(event.target);
    if (!thing || !onMenu) return;
    event.preventDefault();
    // The ContextMenu key was answered on key down; its click has no place.
    if (event.clientX !== 0 || event.clientY !== 0) onMenu(thing, event.clientX, event.clientY);
  };

  const point = (event: PointerEvent) => {
    if (layout.manyWires) setPointed(thingName(event.target));
  };

  const messages = placeMessages(model, layout, { reducedMotion, showHeartbeats, measure });
  const record = model.selection?.kind === "record" ? model.selection : null;
  return (
    <div ref={frame} className={styles.frame} data-motion={reducedMotion ? "reduced" : undefined}>
      <svg
        ref={svg}
        className={styles.canvas}
        role="group"
        aria-label={words.canvas(model)}
        width={layout.width * scale}
        height={layout.height * scale}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onContextMenu={onContextMenu}
        onFocus={(event) => setFocused(thingName(event.target))}
        onPointerOver={point}
        onPointerLeave={() => setPointed(null)}
        {...press.handlers}
      >
        <Hatches>
          <DrawProvider value={draw}>
            <Ground layout={layout} words={words} />
            {states.map((state) => (
              <Wire key={state.route.key} state={state} />
            ))}
            {layout.brokers.map((box, index) => {
              const broker = model.brokers[index];
              if (!broker) return null;
              return (
                <BrokerCard
                  key={box.id}
                  broker={broker}
                  box={box}
                  selectedRecord={record?.broker === box.id ? record : null}
                />
              );
            })}
            {layout.clients.map((box, index) => {
              const client = model.clients[index];
              return client ? <ClientBox key={box.id} client={client} box={box} /> : null;
            })}
            {layout.groups.map((box, index) => {
              const group = model.groups[index];
              return group ? <GroupBox key={box.id} group={group} box={box} /> : null;
            })}
            {layout.servers.map((box, index) => {
              const server = model.servers[index];
              return server ? <ZooKeeperServer key={box.id} server={server} box={box} /> : null;
            })}
            <MessageLayer messages={messages} reducedMotion={reducedMotion} />
          </DrawProvider>
        </Hatches>
      </svg>
    </div>
  );
}

const arrows: Record<string, "left" | "right" | "up" | "down"> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

function Ground({ layout, words }: { readonly layout: CanvasLayout; readonly words: CanvasWords }) {
  const dots = useHatch("ground");
  return (
    <g aria-hidden="true">
      <rect className={styles.ground} width={layout.width} height={layout.height} />
      <rect style={{ fill: dots }} width={layout.width} height={layout.height} />
      {layout.racks.map((rack) => {
        const label = words.rack(rack.label);
        return (
          <g key={`${rack.x} ${rack.y}`}>
            <text className={styles.quiet} x={rack.x} y={rack.y + 14}>
              {label}
            </text>
            <path
              className={styles.hair}
              d={`M${rack.x + label.length * 7 + 8} ${rack.y + 9.5}H${rack.x + rack.width}`}
            />
          </g>
        );
      })}
      {layout.ensembleLabel && (
        <g>
          <text className={styles.quiet} x={layout.ensembleLabel.x} y={layout.ensembleLabel.y + 27} textAnchor="end">
            {words.ensemble}
          </text>
          <text className={styles.quiet} x={layout.ensembleLabel.x} y={layout.ensembleLabel.y + 71} textAnchor="end">
            {words.sessions}
          </text>
        </g>
      )}
    </g>
  );
}

function thingName(node: EventTarget): string | null {
  return node instanceof Element ? (node.closest("[data-thing]")?.getAttribute("data-thing") ?? null) : null;
}

/** A finger that stays down asks for the menu; the click that follows is swallowed. */
function useLongPress(onLong: (event: PointerEvent) => boolean) {
  const state = useRef<{ timer: number; x: number; y: number; fired: boolean }>({ timer: 0, x: 0, y: 0, fired: false });
  const stop = () => window.clearTimeout(state.current.timer);
  return {
    swallow: () => {
      const { fired } = state.current;
      state.current.fired = false;
      return fired;
    },
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        state.current.fired = false;
        if (event.pointerType !== "touch") return;
        state.current.x = event.clientX;
        state.current.y = event.clientY;
        event.persist();
        state.current.timer = window.setTimeout(() => {
          state.current.fired = onLong(event);
        }, longPressMs);
      },
      onPointerMove: (event: PointerEvent) => {
        if (Math.hypot(event.clientX - state.current.x, event.clientY - state.current.y) > 8) stop();
      },
      onPointerUp: stop,
      onPointerCancel: stop,
    },
  };
}
