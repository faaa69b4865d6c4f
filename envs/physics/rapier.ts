import { init } from '@dimforge/rapier3d-simd-compat';

let loading: Promise<void> | undefined;

/** Loads the physics engine; the first call does the work. */
export function loadRapier(): Promise<void> {
  loading ??= init();
  return loading;
}
