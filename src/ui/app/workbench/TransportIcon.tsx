/** The icons of the transport bar; 20 px, line 1.5, as the others. */
const paths = {
  start: "M5 5v10M14 5.5L9 10l5 4.5",
  // A bolt, and the way back from it.
  "before-fault": "M15.5 4l-4 6.5h5l-3 6M8 10H2.5M5.5 6.5L2 10l3.5 3.5",
  "mark-previous": "M4 5v10M16 10H7M10.5 6.5L7 10l3.5 3.5",
  "message-previous": "M10 5.5L5.5 10l4.5 4.5M15.5 5.5L11 10l4.5 4.5",
  "event-previous": "M12 5.5L7.5 10l4.5 4.5",
  "event-next": "M8 5.5l4.5 4.5L8 14.5",
  "message-next": "M10 5.5l4.5 4.5-4.5 4.5M4.5 5.5L9 10l-4.5 4.5",
  "mark-next": "M16 5v10M4 10h9M9.5 6.5L13 10l-3.5 3.5",
  end: "M15 5v10M6 5.5l5 4.5-5 4.5",
} as const;

export type TransportIconName = keyof typeof paths;

export function TransportIcon({ name }: { readonly name: TransportIconName }) {
  return (
    <svg
      width={20}
      height={20}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      aria-hidden="true"
    >
      <path d={paths[name]} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
