import { packageFacts } from '../../../version.js';

/** The engine's name where ManiSkill's files name theirs (`physx_cpu`). */
export const SIM_BACKEND = 'rapier';

/** The program and the physics that make a dataset: the beginning of `generator` in its json. */
export function generatorFacts(): { name: string; version: string; engine: string } {
  const { version, dependencies } = packageFacts();
  return {
    name: 'rlpd',
    version,
    engine: `${SIM_BACKEND} ${dependencies['@dimforge/rapier3d-simd-compat']}`,
  };
}
