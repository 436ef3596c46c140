/**
 * Speaks sentences to assistive tech, politely and at most one per second; of several in one second the last is spoken.
 * The second is of the wall clock: it paces speech and decides nothing in the run.
 */
import { useEffect, useRef, useState } from "react";
import { VisuallyHidden } from "./VisuallyHidden.tsx";

export interface LiveRegionProps {
  /** The sentence to speak; a change of it asks for speech. Empty says nothing. */
  readonly message: string;
  /** While true nothing is spoken, for example during a scrub. */
  readonly silent?: boolean;
}

const apartMs = 1000;

export function LiveRegion({ message, silent = false }: LiveRegionProps) {
  const [spoken, setSpoken] = useState("");
  const lastAt = useRef(Number.NEGATIVE_INFINITY);

  useEffect(() => {
    if (silent || message === "") return;
    const wait = Math.max(0, lastAt.current + apartMs - performance.now());
    const timer = window.setTimeout(() => {
      lastAt.current = performance.now();
      setSpoken(message);
    }, wait);
    return () => window.clearTimeout(timer);
  }, [message, silent]);

  return (
    <VisuallyHidden>
      <span role="status" aria-live="polite" aria-atomic="true">
        {spoken}
      </span>
    </VisuallyHidden>
  );
}
