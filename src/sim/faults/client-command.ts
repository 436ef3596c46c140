/** What an application or an administrator does by hand: a command to a client, or to the observer's ZooKeeper client. */
import type { Body } from "../engine/types.ts";
import type { Act, Fault } from "./fault.ts";

export interface ClientCommandAct extends Act {
  readonly kind: "client-command";
  /** The client (or `o`, the observer). */
  readonly target: string;
  readonly command: Body;
}

export const clientCommand: Fault<ClientCommandAct> = {
  kind: "client-command",
  label: "Client call",
  help: "A call that the application makes: send, subscribe, seek, commit, close.",
  on: "none",
  apply(kernel, act) {
    kernel.schedule(kernel.now, act.target, Object.freeze({ kind: "command", command: Object.freeze(act.command) }));
  },
  says: (act) => `${act.target} was told: ${act.command.kind}.`,
};
