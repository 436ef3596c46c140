import { alterPartition } from "./alterPartitionEvent.ts";
import { brokerChange, brokerFailure, brokerStartup, controlledShutdown, shutdownOneByOne } from "./brokerEvents.ts";
import { createPartitions, createTopics } from "./createTopics.ts";
import {
  completeDeletion,
  failReplicaDeletion,
  initializeDeletions,
  resumeDeletions,
  resumeDeletionsOn,
  stopReplicaAnswered,
  topicDeletion,
} from "./deletion.ts";
import { failover, readAssignments, readBrokers, readStates } from "./failover.ts";
import { electLeaders } from "./leaderElections.ts";
import { elect, maybeResign, reelect, startup } from "./lifecycle.ts";
import { initializeStates, partitionStates } from "./partitionMachine.ts";
import { completeReassignments, raiseEpoch, reassign, stopReplicas } from "./reassignment.ts";
import { clearReassigned, reassignRequest, resumeReassignments, zkReassignment } from "./reassignmentRequests.ts";
import { removeFromIsr, replicaStates, replicasOffline } from "./replicaMachine.ts";
import {
  autoRebalance,
  electLeadersRequest,
  leaderElection,
  topicConfigChange,
  zkPreferredElection,
} from "./requestedElections.ts";
import type { Procedure } from "./tasks.ts";
import { isrChangeNotification, newPartitions, partitionModifications, topicChange } from "./topicEvents.ts";

/** Events and what they are made of, by name. */
export const procedures: Readonly<Record<string, Procedure>> = Object.freeze({
  // Events
  startup,
  reelect,
  controllerChange: maybeResign,
  brokerChange,
  topicChange,
  partitionModifications,
  topicDeletion,
  isrChangeNotification,
  zkPreferredElection,
  zkReassignment,
  topicConfigChange,
  autoRebalance,
  alterPartition,
  controlledShutdown,
  electLeadersRequest,
  reassignRequest,
  stopReplicaAnswered,
  // Parts of events
  elect,
  maybeResign,
  failover,
  readBrokers,
  readAssignments,
  readStates,
  brokerStartup,
  brokerFailure,
  shutdownOneByOne,
  newPartitions,
  partitionStates,
  initializeStates,
  electLeaders,
  replicaStates,
  replicasOffline,
  removeFromIsr,
  leaderElection,
  initializeDeletions,
  resumeDeletions,
  resumeDeletionsOn,
  completeDeletion,
  failReplicaDeletion,
  resumeReassignments,
  completeReassignments,
  reassign,
  raiseEpoch,
  stopReplicas,
  clearReassigned,
  // Beside the event thread
  createPartitions,
  createTopics,
});
