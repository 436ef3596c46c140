/** A small outline for each fault; 16 px, beside its word. */
const paths: Readonly<Record<string, string>> = {
  kill: "M8 1.5v5M4.6 3.6a5.5 5.5 0 1 0 6.8 0",
  stop: "M3.5 3.5h9v9h-9Z",
  start: "M4.5 2.5v11l8.5-5.5Z",
  pause: "M5.5 3v10M10.5 3v10",
  resume: "M4 3v10M7 3l6.5 5L7 13Z",
  "power-loss": "M6 1.5v4M10 1.5v4M4 5.5h8v2.5a4 4 0 0 1-8 0ZM8 12v2.5",
  cut: "M1.5 8h4M10.5 8h4M6 3.5v9M10 3.5v9",
  heal: "M1.5 8h13M8 3.5v9",
  "slow-link": "M1 8h2.5l1.5-4 2.5 8 2.5-8 1.5 4H15",
  "break-connection": "M1 8h4M11 8h4M5.5 5.5l5 5M10.5 5.5l-5 5",
  "lossy-link": "M1 8h3M12 8h3M6 6l4 4M10 6l-4 4",
  "expire-session": "M8 4.5V8l2.5 1.5M8 1.8a6.2 6.2 0 1 0 6.2 6.2",
  "slow-consumer": "M2.5 3.5h6v9h-6ZM11 8h3.5",
};

export function FaultIcon({ kind }: { readonly kind: string }) {
  return (
    <svg
      width={16}
      height={16}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      aria-hidden="true"
    >
      <path d={paths[kind] ?? paths.kill} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
