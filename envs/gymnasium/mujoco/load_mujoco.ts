import { PackageError } from '../../package_error.js';

const PACKAGE = '@mujoco/mujoco';
/** The version that Gymnasium's episodes were compared in: in others, the same actions lead elsewhere. */
const VERSION = '3.14.0';

/** The part of MuJoCo's module that is used here, under MuJoCo's names. Every object is freed by its `delete()`. */
export interface Mujoco {
  readonly MjModel: { from_xml_string(xml: string): MjModel };
  readonly MjData: new (model: MjModel) => MjData;
  mj_step(model: MjModel, data: MjData): void;
  mj_forward(model: MjModel, data: MjData): void;
  mj_resetData(model: MjModel, data: MjData): void;
  mj_rnePostConstraint(model: MjModel, data: MjData): void;
  mj_versionString(): string;
}

export interface MjModel {
  readonly nq: number;
  readonly nv: number;
  delete(): void;
}

/**
 * Each array is a new view of the module's memory at every access. A view that is kept becomes empty as soon as this memory
 * grows, as it does when other objects are made.
 */
export interface MjData {
  /** [nq], and [nv] like the two below. */
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
  readonly qacc_warmstart: Float64Array;
  /** [motors] */
  readonly ctrl: Float64Array;
  /** [bodies, 3] and [bodies, 6]; the world is the first body. */
  readonly xpos: Float64Array;
  readonly cfrc_ext: Float64Array;
  delete(): void;
}

let loading: Promise<Mujoco> | undefined;

/** Loads MuJoCo; the first call does the work. Rejects with a PackageError if it is not installed, or in another version. */
export function loadMujoco(): Promise<Mujoco> {
  loading ??= startMujoco(async () => (await import('@mujoco/mujoco')).default);
  return loading;
}

/** Starts the module that `find` gives a function for. */
export async function startMujoco(find: () => Promise<() => Promise<unknown>>): Promise<Mujoco> {
  const load = await find().catch((cause) => {
    throw new PackageError(`MuJoCo is not installed: the package ${PACKAGE} is not found${advice()}`, {
      cause,
    });
  });
  const mujoco = (await load()) as Mujoco;
  const version = mujoco.mj_versionString();
  if (version === VERSION) return mujoco;
  throw new PackageError(
    `the package ${PACKAGE} has MuJoCo ${version}, in which things move otherwise${advice()}`,
  );
}

function advice(): string {
  return `; install it with: npm install --save-exact ${PACKAGE}@${VERSION}`;
}
