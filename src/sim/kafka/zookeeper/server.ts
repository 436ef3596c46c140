/**
 * A ZooKeeper server as a role of its process: which message, timer and signal goes where.
 *
 * In ZooKeeper  QuorumPeer, ZooKeeperServer.
 * Simplified    an ensemble is fixed; a server alone leads at once (standalone mode).
 * Left out      observers, dynamic reconfiguration, snapshots, authentication.
 */
import type { ActorState, Body, Message } from "../../engine/types.ts";
import type { Role } from "../roles.ts";
import type { KafkaCtx } from "../types.ts";
import {
  expireSessionsOf,
  onCloseRequest,
  onConnectRequest,
  onOpRequest,
  onPingRequest,
  onRevalidated,
  revalidate,
} from "./clients.ts";
import { forgetConnection } from "./connections.ts";
import {
  createElection,
  endElection,
  finalizeElection,
  goLooking,
  onVote,
  onVoteLinkLost,
  resendVotes,
} from "./election.ts";
import {
  connectToLeader,
  leaderOf,
  onLeaderInfo,
  onLeaderLost,
  onPeerPing,
  onSilenceCheck,
  onSync,
  onSyncedToDisk,
  onUpToDate,
  startFollowing,
} from "./follower.ts";
import {
  followerOf,
  onAckEpoch,
  onAckNewLeader,
  onExpiryBoundary,
  onFollowerInfo,
  onFollowerLost,
  onHalfTick,
  onLeaderInitLimit,
  onPeerPong,
  startLeading,
} from "./leader.ts";
import { commitUpTo, finishFsync, logProposal } from "./log.ts";
import {
  answerPeer,
  ELECTION_CHANNEL,
  type PeerMessageKind,
  type PeerMessages,
  QUORUM_CHANNEL,
  tellPeer,
} from "./peers.ts";
import { acknowledge, propose } from "./propose.ts";
import {
  type Following,
  isQuorum,
  serverOf,
  ZK_SERVER,
  type ZkDisk,
  type ZkServerCtx,
  type ZkServerMemory,
} from "./state.ts";

/** The role of a ZooKeeper server. Its actor's disk is made by `createZkDisk`, its config is a ZooKeeperActorConfig. */
export function zooKeeperServer(): Role {
  return {
    name: ZK_SERVER,
    init: createServer,
    onStart(kafkaCtx) {
      const ctx = serverCtx(kafkaCtx);
      // Alone there is nobody to elect with.
      if (isQuorum(ctx, 1)) startLeading(ctx, []);
      else goLooking(ctx, "started");
    },
    onStop(ctx) {
      ctx.exit("stopped");
    },
    onDisconnected(kafkaCtx, { connection, peer, channel }) {
      const ctx = serverCtx(kafkaCtx);
      if (channel === ELECTION_CHANNEL) onVoteLinkLost(ctx, peer, connection);
      else if (channel !== QUORUM_CHANNEL) forgetConnection(serverOf(ctx.self), connection);
      else if (connection.startsWith(`${ctx.self.id}>`)) {
        if (serverOf(ctx.self).following?.leader === peer) onLeaderLost(ctx);
      } else {
        const { election } = serverOf(ctx.self);
        election.early = election.early.filter((message) => message.connection !== connection);
        onFollowerLost(ctx, peer, connection);
      }
    },
    requests: {
      ZkConnect: (ctx, request, message) => onConnectRequest(serverCtx(ctx), request, message),
      ZkPing: (ctx, request, message) => onPingRequest(serverCtx(ctx), request, message),
      ZkOp: (ctx, request, message) => onOpRequest(serverCtx(ctx), request, message),
      ZkClose: (ctx, request, message) => onCloseRequest(serverCtx(ctx), request, message),
    },
    messages: {
      ...peers({
        ZkVote(ctx, body, message) {
          const leader = onVote(ctx, body, message);
          if (leader !== null) decide(ctx, leader);
        },
        ZkFollowerInfo(ctx, body, message) {
          const { mode, election } = serverOf(ctx.self);
          if (mode === "looking") election.early.push(message);
          else onFollowerInfo(ctx, body, message);
        },
        ZkAckEpoch: onAckEpoch,
        ZkAckNewLeader: (ctx, _body, message) => onAckNewLeader(ctx, message),
        ZkAck(ctx, { zxid }, message) {
          if (followerOf(ctx, message) !== null) acknowledge(ctx, message.from, zxid);
        },
        ZkPeerPong: onPeerPong,
        ZkForward(ctx, { sessionId, op, origin }, message) {
          if (isFollowed(ctx, message)) propose(ctx, sessionId, op, origin);
        },
        ZkRevalidate(ctx, { sessionId, passwd, request }, message) {
          if (!isFollowed(ctx, message)) return;
          const session = revalidate(ctx, sessionId, passwd, message.from);
          answerPeer(ctx, message, "ZkRevalidated", { sessionId, request, session });
        },
        ZkExpire(ctx, { owner }, message) {
          if (isFollowed(ctx, message)) expireSessionsOf(ctx, owner);
        },
      }),
      ...peers({
        ZkLeaderInfo: fromLeader(onLeaderInfo),
        ZkSync: fromLeader(onSync),
        ZkUpToDate: fromLeader(onUpToDate),
        ZkProposal: fromLeader((ctx, _following, { txn }) => logProposal(ctx, txn)),
        ZkCommit: fromLeader((ctx, _following, { zxid }) => commitUpTo(ctx, zxid)),
        ZkPeerPing: fromLeader(onPeerPing),
        ZkRevalidated: fromLeader((ctx, _following, { request, session }) => onRevalidated(ctx, request, session)),
      }),
    },
    timers: {
      "zk-finalize"(ctx) {
        const leader = finalizeElection(serverCtx(ctx));
        if (leader !== null) decide(serverCtx(ctx), leader);
      },
      "zk-vote-resend": (ctx) => resendVotes(serverCtx(ctx)),
      "zk-fsync"(kafkaCtx) {
        const ctx = serverCtx(kafkaCtx);
        const zxid = finishFsync(ctx);
        if (zxid === null) return;
        const { leading, following } = serverOf(ctx.self);
        if (leading !== null) acknowledge(ctx, ctx.self.id, zxid);
        else if (following !== null) tellPeer(ctx, following.leader, QUORUM_CHANNEL, "ZkAck", { zxid });
      },
      "zk-leader-init": (ctx) => onLeaderInitLimit(serverCtx(ctx)),
      "zk-half-tick": (ctx) => onHalfTick(serverCtx(ctx)),
      "zk-expiry": (ctx, boundary) => onExpiryBoundary(serverCtx(ctx), boundary),
      "zk-synced": (ctx, epoch) => onSyncedToDisk(serverCtx(ctx), epoch),
      "zk-silence": (ctx, due) => onSilenceCheck(serverCtx(ctx), due),
      "zk-follow-retry": (ctx) => connectToLeader(serverCtx(ctx)),
    },
    commands: {
      "expire-session"(ctx, { owner }: { owner: string }) {
        expireSessionsOf(serverCtx(ctx), owner);
      },
    },
  };
}

function createServer(actor: ActorState): ZkServerMemory {
  const { committedZxid } = actor.disk as ZkDisk;
  return {
    mode: "looking",
    election: createElection(actor.id),
    leading: null,
    following: null,
    committed: committedZxid,
    unsynced: [],
    syncing: 0,
    connections: {},
    sessions: {},
    connecting: {},
    writing: {},
    nextRequest: 1,
    watches: { data: {}, child: {} },
    voteLinks: {},
  };
}

function decide(ctx: ZkServerCtx, leader: string): void {
  const early = endElection(ctx);
  if (leader === ctx.self.id) {
    startLeading(ctx, early);
    return;
  }
  for (const message of early) ctx.hangUp(message);
  startFollowing(ctx, leader);
}

/** Whether a message comes from a synchronised follower of this leader, which serves. */
function isFollowed(ctx: ZkServerCtx, message: Message): boolean {
  return followerOf(ctx, message) !== null && serverOf(ctx.self).leading?.isEstablished === true;
}

type PeerHandler<K extends PeerMessageKind> = (ctx: ZkServerCtx, body: PeerMessages[K], message: Message) => void;

function peers<K extends PeerMessageKind>(handlers: { [Kind in K]: PeerHandler<Kind> }): NonNullable<Role["messages"]> {
  return handlers as unknown as NonNullable<Role["messages"]> & { readonly body?: Body };
}

/** Wraps what is heard only from the leader that this server follows. */
function fromLeader<B>(handle: (ctx: ZkServerCtx, following: Following, body: B) => void) {
  return (ctx: ZkServerCtx, body: B, message: Message): void => {
    const following = leaderOf(ctx, message.from);
    if (following !== null) handle(ctx, following, body);
  };
}

function serverCtx(ctx: KafkaCtx): ZkServerCtx {
  return ctx as unknown as ZkServerCtx;
}
