/**
 * The only list of what exists: which kinds of actor there are, which roles each is made of, and how the roles of a broker
 * reach each other.
 */
import type { ActorModel } from "../engine/types.ts";
import { brokerRole } from "./broker/broker.ts";
import { brokerDoor } from "./broker/door.ts";
import { createBrokerDisk } from "./broker/state.ts";
import { adminModel, adminRole } from "./client/admin.ts";
import { consumerModel } from "./consumer/consumer.ts";
import { controllerRole } from "./controller/controller.ts";
import { groupCoordinator, onLeadershipChange } from "./group/coordinator.ts";
import type { GroupPorts } from "./group/ports.ts";
import { producerModel } from "./producer/producer.ts";
import { checkSetting, readTopicConfig } from "./profiles/config.ts";
import { NO_LEADER } from "./protocol/ids.ts";
import { joinRoles } from "./roles.ts";
import type { BrokerActorConfig, KafkaActor } from "./types.ts";
import { zkClose, zkRequest, zkState, zooKeeperClient } from "./zookeeper/client.ts";
import { observerRoles } from "./zookeeper/observer.ts";
import { zooKeeperServer } from "./zookeeper/server.ts";
import { createZkDisk } from "./zookeeper/tree.ts";

/** The disk that each kind of actor begins with. */
export const EMPTY_DISKS = Object.freeze({
  zookeeper: () => createZkDisk(),
  broker: createBrokerDisk,
  producer: () => null,
  consumer: () => null,
});

/** Every kind of actor. */
export const KAFKA_ACTORS: Readonly<Record<string, ActorModel>> = Object.freeze({
  zookeeper: joinRoles([zooKeeperServer()], { oneRequestAtATime: false }),
  broker: brokerModel(),
  observer: joinRoles([...observerRoles(), adminRole()], { oneRequestAtATime: false }),
  producer: producerModel(),
  consumer: consumerModel(),
  admin: adminModel(),
});

/** A broker: replica manager, controller, group coordinator, over one ZooKeeper client. */
function brokerModel(): ActorModel {
  const control = controllerRole({
    zkRequest,
    liveBrokers: (ctx) => brokerDoor.metadata(ctx).brokers,
    leaderOf: (ctx, topicPartition) => brokerDoor.leaderOf(ctx, topicPartition)?.leader ?? NO_LEADER,
    topicConfigProblem: (ctx, key, value) =>
      checkSetting("topic", ctx.self.config.profile, key, value)?.message ?? null,
  });
  const groupPorts: GroupPorts = {
    append: brokerDoor.append,
    readAll: brokerDoor.read,
    leaderOf(ctx, topicPartition) {
      const found = brokerDoor.leaderOf(ctx, topicPartition);
      const isAlive = brokerDoor.metadata(ctx).brokers.some(({ id }) => id === found?.leader);
      return found !== null && isAlive ? found.leader : null;
    },
    partitionCountOf(ctx, topic) {
      const partitions = brokerDoor.metadata(ctx).topics[topic];
      return partitions === undefined ? null : Object.keys(partitions).length;
    },
    aliveBrokers: (ctx) =>
      brokerDoor
        .metadata(ctx)
        .brokers.map(({ id }) => id)
        .sort((a, b) => a - b),
    createTopic: (ctx, topic, then) => control.createTopics(ctx, [{ ...topic, assignments: [] }], then),
  };
  const broker = brokerRole({
    zkRequest,
    zkClose,
    zkSessionId: (ctx) => zkState(ctx).sessionId,
    readTopicConfig,
    startController: control.start,
    onLeadershipChange: (ctx, topicPartition, change, leaderEpoch) =>
      onLeadershipChange(ctx, topicPartition, change, leaderEpoch),
    onShutdown: control.shutdown,
  });
  const client = zooKeeperClient({
    servers: (actor) => configOf(actor).zookeeperServers,
    sessionTimeoutMs: (actor) => configOf(actor).broker.zookeeperSessionTimeoutMs,
    listener: {
      onSessionEstablished: broker.onSessionEstablished,
      onSessionExpired(ctx) {
        control.onSessionExpired(ctx);
        broker.onSessionExpired(ctx);
      },
      onWatch(ctx, event) {
        if (!control.onWatch(ctx, event)) broker.onWatch(ctx, event);
      },
    },
  });
  return joinRoles([client, broker, control, groupCoordinator(groupPorts)], {
    oneRequestAtATime: true,
  });
}

function configOf(actor: KafkaActor): BrokerActorConfig {
  return actor.config as BrokerActorConfig;
}
