/**
 * A thing on the canvas as a real button: a name, a place in the order of focus, and a key that the canvas finds it by.
 * Clicks, keys and menus are heard by the canvas itself, once for all.
 */
import type { ReactNode } from "react";
import styles from "../canvas.module.css";
import { type Thing, thingKey } from "../model.ts";
import { useDraw } from "./context.ts";

export interface ThingButtonProps {
  readonly thing: Thing;
  readonly name: string;
  readonly children: ReactNode;
}

export function ThingButton({ thing, name, children }: ThingButtonProps) {
  const { tabStop, selected } = useDraw();
  const key = thingKey(thing);
  return (
    // biome-ignore lint/a11y/useSemanticElements: an HTML button cannot hold a drawing in SVG.
    <g
      role="button"
      aria-label={name}
      aria-pressed={selected === key}
      tabIndex={tabStop === key ? 0 : -1}
      className={styles.thing}
      data-thing={key}
    >
      {children}
    </g>
  );
}
