import { expect, it } from 'vitest';
import { loadMujoco, startMujoco } from '../../../../envs/gymnasium/mujoco/load_mujoco.js';
import { PackageError } from '../../../../envs/package_error.js';

const INSTALL = 'npm install --save-exact @mujoco/mujoco@3.14.0';

it('is told how to install it where it is missing', async () => {
  const missing = startMujoco(() => import('@mujoco/no-such-package' as string));
  await expect(missing).rejects.toThrow(PackageError);
  await expect(missing).rejects.toThrow(`MuJoCo is not installed: the package @mujoco/mujoco is not found; `);
  await expect(missing).rejects.toThrow(INSTALL);
});

it('is refused in another version, in which things move otherwise', async () => {
  const other = startMujoco(async () => async () => ({ mj_versionString: () => '3.13.0' }));
  await expect(other).rejects.toThrow(PackageError);
  await expect(other).rejects.toThrow(`the package @mujoco/mujoco has MuJoCo 3.13.0, `);
  await expect(other).rejects.toThrow(INSTALL);
});

it('is loaded once, in the version that is asked for', async () => {
  const mujoco = await loadMujoco();
  expect(mujoco.mj_versionString()).toBe('3.14.0');
  expect(await loadMujoco()).toBe(mujoco);
});
