/**
 * The few outline icons that the first page needs, drawn here so that it loads no icon library. Always beside a word, or
 * inside a button that has a name. 20 px, line 1.5.
 */
export type IconName =
  | "play"
  | "pause"
  | "next"
  | "previous"
  | "skip"
  | "start"
  | "down"
  | "back"
  | "close"
  | "check"
  | "search"
  | "sun"
  | "moon"
  | "bolt"
  | "reset"
  | "fork"
  | "share"
  | "menu"
  | "plus"
  | "minus"
  | "sliders";

const paths: Record<IconName, string> = {
  play: "M6.5 4.5v11l9-5.5Z",
  pause: "M7 5v10M13 5v10",
  next: "M8 5.5l4.5 4.5L8 14.5",
  previous: "M12 5.5L7.5 10l4.5 4.5",
  skip: "M4 10h9M9.5 6.5L13 10l-3.5 3.5M16 5v10",
  start: "M16 10H7M10.5 6.5L7 10l3.5 3.5M4 5v10",
  down: "M6 8l4 4 4-4",
  back: "M15.5 10h-11M9 5.5L4.5 10 9 14.5",
  close: "M5.5 5.5l9 9M14.5 5.5l-9 9",
  check: "M4.5 10.5L8 14l7.5-8",
  search: "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4ZM12.8 12.8L16.5 16.5",
  sun: "M10 6.8a3.2 3.2 0 1 0 0 6.4a3.2 3.2 0 0 0 0-6.4ZM10 2.5v1.7M10 15.8v1.7M2.5 10h1.7M15.8 10h1.7M4.7 4.7l1.2 1.2M14.1 14.1l1.2 1.2M15.3 4.7l-1.2 1.2M5.9 14.1l-1.2 1.2",
  moon: "M16 11.5A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5Z",
  bolt: "M11 2.5L4.5 11H9l-1 6.5L15.5 8.5H10.5Z",
  reset: "M4.2 4.5V8h3.6M4.6 8a6.2 6.2 0 1 1-.7 3.4",
  fork: "M5.5 5v10M5.5 11.5c0-3.5 9-1.5 9-5.5M5.5 15.2a1.4 1.4 0 1 0 0 2.8a1.4 1.4 0 0 0 0-2.8ZM5.5 2.2a1.4 1.4 0 1 0 0 2.8a1.4 1.4 0 0 0 0-2.8ZM14.5 3.2a1.4 1.4 0 1 0 0 2.8a1.4 1.4 0 0 0 0-2.8Z",
  share: "M8.5 11.5L16 4M11.5 4H16v4.5M14.5 11.5V16H4V5.5h4.5",
  menu: "M4 6h12M4 10h12M4 14h12",
  plus: "M10 4.5v11M4.5 10h11",
  minus: "M4.5 10h11",
  sliders:
    "M3.5 6.5h7M14.5 6.5h2M3.5 13.5h2M9.5 13.5h7M12.5 4.5a2 2 0 1 0 0 4a2 2 0 0 0 0-4ZM7.5 11.5a2 2 0 1 0 0 4a2 2 0 0 0 0-4Z",
};

export interface IconProps {
  readonly name: IconName;
  readonly size?: 16 | 20 | 24;
}

export function Icon({ name, size = 20 }: IconProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flex: "none" }}
    >
      <path d={paths[name]} />
    </svg>
  );
}
