// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: words in the drawing take no focus; the button that carries them has a name.
/** One track of the timeline: its bands and marks, each a button. Drawn again only when what it shows changes. */
import { memo } from "react";
import { cx } from "../widgets/cx.ts";
import { Hatches, useHatch } from "../widgets/Hatch.tsx";
import { CrossMark, CrownMark, FaultFlag } from "../widgets/Mark.tsx";
import styles from "./tracks.module.css";
import type { BandView, MarkView, TrackView } from "./tracks.ts";

const charWidth = 6.9;

export interface TrackRowsProps {
  readonly tracks: readonly TrackView[];
  readonly x: (time: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly rowHeight: number;
  readonly pastClip: string;
  /** By track: the entry that takes the focus with Tab. */
  readonly stops: Readonly<Record<string, number>>;
  readonly onGo: (track: string, entry: number, node: string | null) => void;
  readonly onMenu: (mark: MarkView, x: number, y: number) => void;
}

export const TrackRows = memo(function TrackRows(props: TrackRowsProps) {
  return (
    <Hatches>
      {props.tracks.map((track, row) => (
        <g key={track.id} transform={`translate(0 ${props.top + row * props.rowHeight})`}>
          <text className={styles.gutter} x={props.left - 12} y={15} textAnchor="end">
            {clip(track.label, Math.floor((props.left - 16) / charWidth))}
          </text>
          <line className={styles.hair} x1={props.left} x2={props.right} y1={11} y2={11} />
          {track.bands.length > 0 && <Bands {...props} track={track} />}
          {track.marks.length > 0 && <Marks {...props} track={track} />}
        </g>
      ))}
    </Hatches>
  );
});

/** Cut in the middle: partitions of one topic differ at their ends. */
function clip(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 4)}…${text.slice(-3)}` : text;
}

function Bands({ track, x, left, right, pastClip, stops, onGo }: TrackRowsProps & { readonly track: TrackView }) {
  const veil = useHatch("veil");
  const placed = track.bands.flatMap((band) => {
    const from = Math.max(left, x(band.from));
    const to = Math.min(right, x(band.to));
    return to - from < 1 ? [] : [{ band, from, width: Math.max(1, to - from - 1.5) }];
  });
  const rect = ({ band, from, width }: { band: BandView; from: number; width: number }, className?: string) =>
    band.look === "gap" ? null : (
      <rect
        key={band.key}
        className={className}
        x={from}
        y={3}
        width={width}
        height={16}
        rx={2}
        fill={band.look === "hatch" ? veil : undefined}
      />
    );
  return (
    <>
      <g className={styles.later}>{placed.map((one) => rect(one))}</g>
      <g className={styles.past} clipPath={pastClip}>
        {placed.map((one) => rect(one))}
      </g>
      {placed.map(({ band, from, width }) => {
        const begin = from + (band.crown ? 28 : 8);
        const room = from + width - begin - 4;
        const words = [band.text, ...band.shorter].find((text) => text.length * charWidth <= room);
        return (
          // biome-ignore lint/a11y/useSemanticElements: a button inside a drawing is a group with its role.
          <g
            key={band.key}
            role="button"
            aria-label={words === undefined || words === band.text ? band.label : `${words}: ${band.label}`}
            data-entry={band.entry}
            tabIndex={stops[track.id] === band.entry ? 0 : -1}
            className={styles.thing}
            onClick={() => onGo(track.id, band.entry, null)}
            onKeyDown={(event) => event.key === "Enter" && onGo(track.id, band.entry, null)}
          >
            <title>{band.label}</title>
            <rect
              className={band.look === "gap" ? styles.gap : styles.hit}
              x={from}
              y={3}
              width={width}
              height={16}
              rx={2}
            />
            {band.crown && width > 30 && <CrownMark kind="solid" x={from + 6} y={5.5} />}
            {words !== undefined && <Words x={begin} text={words} room={room} onPage={band.look === "hatch"} />}
          </g>
        );
      })}
    </>
  );
}

function Marks({ track, x, left, right, stops, onGo, onMenu }: TrackRowsProps & { readonly track: TrackView }) {
  const placed = track.marks
    .map((mark) => ({ mark, at: x(mark.at) }))
    .filter(({ at }) => at >= left - 1 && at <= right + 1);
  // Checks and answers that one moment decides stand side by side.
  if (track.id === "checks")
    placed.forEach((one, n) => {
      const before = placed[n - 1];
      if (before !== undefined && one.at - before.at < 17) one.at = before.at + 17;
    });
  return placed.map(({ mark, at }, n) => {
    const room = (placed[n + 1]?.at ?? right) - at - 26;
    const leftRoom = at - (placed[n - 1]?.at ?? left) - 26;
    const width = mark.text.length * charWidth;
    const side =
      track.id === "checks" && mark.icon !== "question"
        ? "none"
        : room >= width
          ? "right"
          : leftRoom >= width
            ? "left"
            : room > 40
              ? "right"
              : "none";
    const drawn = Math.min(width, side === "left" ? leftRoom : room);
    return (
      // biome-ignore lint/a11y/useSemanticElements: a button inside a drawing is a group with its role.
      <g
        key={mark.key}
        role="button"
        aria-label={mark.label}
        aria-haspopup={mark.input === null ? undefined : "menu"}
        data-entry={mark.entry}
        tabIndex={stops[track.id] === mark.entry ? 0 : -1}
        className={styles.thing}
        onClick={() => onGo(track.id, mark.entry, mark.node)}
        onContextMenu={(event) => {
          if (mark.input === null) return;
          event.preventDefault();
          onMenu(mark, event.clientX, event.clientY);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") onGo(track.id, mark.entry, mark.node);
          else if ((event.key === "m" || (event.key === "F10" && event.shiftKey)) && mark.input !== null) {
            const box = event.currentTarget.getBoundingClientRect();
            onMenu(mark, box.left, box.bottom);
          } else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <title>{mark.label}</title>
        <rect
          className={styles.hit}
          x={side === "left" ? at - 13 - drawn : at - 10}
          y={1}
          width={side === "none" ? 20 : drawn + 23}
          height={20}
          rx={2}
        />
        <Glyph icon={mark.icon} x={at} />
        {side !== "none" && (
          <Words
            x={side === "right" ? at + 13 : at - 13}
            text={mark.text}
            room={side === "right" ? room : leftRoom}
            isEnd={side === "left"}
            isLost={mark.icon === "loss"}
            onPage
          />
        )}
      </g>
    );
  });
}

interface WordsProps {
  readonly x: number;
  readonly text: string;
  /** What does not fit is cut off; the button's name has it whole. */
  readonly room: number;
  readonly isEnd?: boolean;
  readonly isLost?: boolean;
  /** The line or hatch behind is interrupted. */
  readonly onPage?: boolean;
}

function Words({ x, text, room, isEnd = false, isLost = false, onPage = false }: WordsProps) {
  const width = Math.max(0, Math.min(room, text.length * charWidth + 6));
  const fits = Math.floor(room / charWidth);
  return (
    <svg x={isEnd ? x - width : x} y={0} width={width} height={22} overflow="hidden" aria-hidden="true">
      {onPage && <rect className={styles.paper} x={0} y={3} width={width} height={16} />}
      <text
        className={cx(styles.text, isLost && styles.lost)}
        x={isEnd ? width - 2 : 2}
        y={15}
        textAnchor={isEnd ? "end" : "start"}
      >
        {text.length > fits ? `${text.slice(0, Math.max(0, fits - 1)).trimEnd()}…` : text}
      </text>
    </svg>
  );
}

function Glyph({ icon, x }: { readonly icon: MarkView["icon"]; readonly x: number }) {
  switch (icon) {
    case "fault":
      return <FaultFlag x={x - 8} y={3} />;
    case "heal":
      return <path className={styles.heal} d={`M${x - 4} 6l9 5-9 5Z`} />;
    case "loss":
      return <CrossMark x={x} y={11} />;
    case "cut":
      return <path className={styles.tick} d={`M${x - 5} 5v12M${x + 5} 5v12M${x - 2} 8l4 6M${x + 2} 8l-4 6`} />;
    case "held":
      return <path className={styles.tick} d={`M${x - 5} 11.5l3.5 3.5 7-8`} />;
    case "fell":
      return <path className={styles.tick} d={`M${x - 4.5} 6.5l9 9M${x + 4.5} 6.5l-9 9`} />;
    case "question":
      return (
        <>
          <circle className={styles.question} cx={x} cy={11} r={7.5} />
          <path className={styles.tick} d={`M${x - 2.4} 9.2a2.4 2.4 0 1 1 3.4 2.2q-1 .5-1 1.5M${x} 15.2v.1`} />
        </>
      );
    default:
      return <circle className={styles.tick} cx={x} cy={11} r={5} />;
  }
}
