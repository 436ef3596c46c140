/**
 * The hatches: hazard (something the learner did), unflushed (not on disk), veil (paused, or owned by nobody), and the
 * dots of the ground. Patterns need names in the page, and two canvases may share one page, so each drawing has its own.
 */
import { createContext, type ReactNode, useContext, useId } from "react";
import styles from "./Hatch.module.css";

export type HatchName = "hazard" | "unflushed" | "veil" | "ground";

const HatchContext = createContext("hatch");

/** Put once inside an <svg>, around what uses the hatches. */
export function Hatches({ children }: { readonly children: ReactNode }) {
  const id = useId();
  return (
    <HatchContext value={id}>
      <defs>
        <pattern id={`${id}hazard`} width={7} height={7} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className={styles.page} width={7} height={7} />
          <rect className={styles.ink} width={3.5} height={7} />
        </pattern>
        <pattern id={`${id}unflushed`} width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className={styles.page} width={5} height={5} />
          <rect className={styles.line} width={1.4} height={5} />
        </pattern>
        <pattern id={`${id}veil`} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
          <rect className={styles.page} width={6} height={6} />
          <rect className={styles.hair} width={1.25} height={6} />
        </pattern>
        <pattern id={`${id}ground`} width={24} height={24} patternUnits="userSpaceOnUse">
          <circle className={styles.dot} cx={12} cy={12} r={0.8} />
        </pattern>
      </defs>
      {children}
    </HatchContext>
  );
}

/** The value for `fill`. */
export function useHatch(name: HatchName): string {
  return `url(#${useContext(HatchContext)}${name})`;
}
