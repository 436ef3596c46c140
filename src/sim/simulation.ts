/** The whole simulation: every kind of Kafka's actors, in an environment that knows every kind of act. */
import type { Model } from "./engine/types.ts";
import { createEnvironmentModel } from "./environment/environment.ts";
import { ACT_HANDLERS } from "./faults/index.ts";
import { KAFKA_ACTORS } from "./kafka/model.ts";

export const KAFKA: Model = { actors: KAFKA_ACTORS, environment: createEnvironmentModel(ACT_HANDLERS) };
