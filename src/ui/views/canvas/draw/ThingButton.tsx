// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: the rule knows HTML only; the drawing takes no focus.
/**
 * A thing on the canvas: its drawing, and a real button over it that has the name and the focus. The button lies beside
 * the drawing, not around it, since its name says in words what the drawing says in marks. The pointer passes through
 * to the drawing, so that a click can tell one record from another.
 *
 * Clicks, keys and menus are heard by the canvas itself, once for all.
 */
import type { ReactNode } from "react";
import type { Thing } from "../../../state/selection.ts";
import { cx } from "../../../widgets/cx.ts";
import styles from "../canvas.module.css";
import { thingKey } from "../model.ts";
import type { Rect } from "../path.ts";
import { useDraw } from "./context.ts";

export interface ThingButtonProps {
  readonly thing: Thing;
  readonly name: string;
  /** Where the thing is: a box, or the path of a wire. */
  readonly at: Rect | string;
  /** The focus ring lies this far off the box, in px: 4 off a card, as the selection does. */
  readonly off?: number;
  readonly children: ReactNode;
}

export function ThingButton({ thing, name, at, off = 4, children }: ThingButtonProps) {
  const { tabStop, selected } = useDraw();
  const key = thingKey(thing);
  // Beside the outline of the selection the ring of the focus must still be seen.
  const gap = selected === key && off > 0 ? off + 4 : off;
  return (
    <g className={styles.thing} data-thing={key}>
      <g aria-hidden="true">{children}</g>
      {/* biome-ignore lint/a11y/useSemanticElements: an HTML button cannot stand in a drawing in SVG. */}
      <g
        role="button"
        aria-label={name}
        aria-pressed={selected === key}
        tabIndex={tabStop === key ? 0 : -1}
        className={styles.button}
      >
        {typeof at === "string" ? (
          <path className={cx(styles.focus, styles.focusWire)} d={at} />
        ) : (
          <rect
            className={styles.focus}
            x={at.x - gap}
            y={at.y - gap}
            width={at.width + 2 * gap}
            height={at.height + 2 * gap}
            rx={off === 0 ? 4 : gap + 5}
          />
        )}
      </g>
    </g>
  );
}
