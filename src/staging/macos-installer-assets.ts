import type { DockerfileSeen } from '../sut/dockerfiles';
import type { Observation } from '../evidence/observation';

declare module '../world/scenario-state' {
  interface ScenarioState {
    dockerfiles: readonly Observation<DockerfileSeen>[];
  }
}

