/** The forms of a recorded wait, and whether what it waits for has come. */
import { controllerNow, partitionZnode, registeredNow } from "../sim/kafka/readings.ts";
import type { Replay } from "./replay.ts";

const FORMS: readonly { readonly form: RegExp; has(replay: Replay, match: RegExpExecArray): boolean }[] = [
  { form: /^gone (\d+)$/, has: ({ timeline }, [, id]) => !registeredNow(timeline.head.world).includes(Number(id)) },
  {
    form: /^registered (\d+)$/,
    has: ({ timeline }, [, id]) => registeredNow(timeline.head.world).includes(Number(id)),
  },
  {
    form: /^leader (\S+-\d+) (-?\d+)$/,
    has: ({ timeline }, [, name, id]) => partitionZnode(timeline.head.world, name ?? "")?.leader === Number(id),
  },
  {
    form: /^led (\S+-\d+)$/,
    has: ({ timeline }, [, name]) => (partitionZnode(timeline.head.world, name ?? "")?.leader ?? -1) >= 0,
  },
  {
    form: /^isr (\S+-\d+) (\[.*\])$/,
    has: ({ timeline }, [, name, list]) =>
      sorted(partitionZnode(timeline.head.world, name ?? "")?.isr ?? []) === sorted(JSON.parse(list ?? "[]")),
  },
  // The recorder says "any" for "another than the one that it has just killed or paused".
  {
    form: /^controller any$/,
    has: ({ timeline }) => timeline.head.world.actors[controllerNow(timeline.head.world) ?? ""]?.process === "running",
  },
  { form: /^controller (\d+)$/, has: ({ timeline }, [, id]) => controllerNow(timeline.head.world) === `b${id}` },
  { form: /^exit (\w+)$/, has: ({ timeline }, [, id]) => timeline.head.world.actors[id ?? ""]?.process === "down" },
  { form: /^owners (\{.*\})$/, has: (replay, [, text]) => owns(replay, text ?? "{}") },
];

/** Whether a wait is in one of the forms that are observed; others are prose, for which the recorded time passes. */
export function isWaitForm(what: string): boolean {
  return FORMS.some(({ form }) => form.test(what));
}

export function hasCome(replay: Replay, what: string): boolean {
  for (const { form, has } of FORMS) {
    const match = form.exec(what);
    if (match !== null) return has(replay, match);
  }
  return false;
}

function sorted(ids: readonly number[]): string {
  return [...ids].sort((a, b) => a - b).join(",");
}

/** `owners {"m1": ["t-0"], "m2": []}`. */
function owns(replay: Replay, text: string): boolean {
  const wanted = JSON.parse(text) as Record<string, string[]>;
  return Object.entries(wanted).every(([id, partitions]) => {
    // A member that was never given anything, not even nothing, does not own nothing yet.
    const owned = replay.owners[id];
    return owned !== undefined && [...partitions].sort().join() === owned.join();
  });
}
