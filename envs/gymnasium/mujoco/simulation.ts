import type { EnvironmentState } from '../../env.js';
import type { RandomStream } from '../../random.js';
import type { Simulation } from '../task.js';
import { loadMujoco, type MjData, type MjModel, type Mujoco } from './load_mujoco.js';
import { sizesOf } from './sizes.js';
import type { MujocoTask, StepResult } from './task.js';
import { xmlOf } from './xml.js';

type Views = Omit<MjData, 'delete'>;

/** Loads MuJoCo on first use, and puts a task's robot in a world of its own. */
export async function simulate(task: MujocoTask): Promise<Simulation> {
  return new MujocoSimulation(task, await loadMujoco());
}

/**
 * A robot in MuJoCo. Its state is positions and velocities, and in memory the accelerations from which MuJoCo's solver
 * starts. MuJoCo moves the joints last, so that what it knows of bodies is of a moment before: this is in memory too where
 * the task senses it.
 */
class MujocoSimulation implements Simulation {
  readonly rows: Simulation['rows'];
  private readonly model: MjModel;
  private readonly data: MjData;
  private views: Views;
  /** [nq]: the positions of the model as it is described. */
  private readonly rest: Float64Array;
  private readonly result: StepResult;

  constructor(
    private readonly task: MujocoTask,
    private readonly mujoco: Mujoco,
  ) {
    const { name } = task.model;
    const { nq, nv, bodies, observationDim, actionDim } = sizesOf(task);
    this.model = mujoco.MjModel.from_xml_string(xmlOf(task.model));
    this.data = new mujoco.MjData(this.model);
    this.views = viewsOf(this.data);
    this.rest = this.views.qpos.slice();
    this.result = {
      action: new Float32Array(actionDim),
      forwardVelocity: 0,
      isHealthy: true,
      observed: new Float64Array(observationDim),
    };
    const sensed = task.sensesTorso && { torso_position: 2, cfrc_ext: 6 * bodies };
    this.rows = { articulations: { [name]: nq + nv }, memory: { qacc_warmstart: nv, ...sensed } };
  }

  restart(random: RandomStream): void {
    const { task, mujoco, model, data, rest } = this;
    const { scale, velocities } = task.resetNoise;
    mujoco.mj_resetData(model, data);
    const { qpos, qvel } = this.current();
    for (let i = 0; i < qpos.length; i++) qpos[i] = rest[i] + random.uniform(-scale, scale);
    for (let i = 0; i < qvel.length; i++)
      qvel[i] = velocities === 'normal' ? scale * random.normal() : random.uniform(-scale, scale);
    mujoco.mj_forward(model, data);
  }

  step(action: Float32Array, terms: Record<string, number>): void {
    const { task, mujoco, model, data, result } = this;
    const { frameSkip, sensesTorso } = task;
    this.current().ctrl.set(action);
    const before = this.place();
    for (let frame = 0; frame < frameSkip; frame++) mujoco.mj_step(model, data);
    if (sensesTorso) mujoco.mj_rnePostConstraint(model, data);
    this.observe(result.observed);
    result.action.set(action);
    result.forwardVelocity = (this.place() - before) / (task.model.option.timestep * frameSkip);
    result.isHealthy = !task.isTerminal(result.observed, 0);
    task.rate(result, terms);
  }

  observe(out: Float64Array): void {
    const { hiddenPositions, sensesTorso } = this.task;
    const { qpos, qvel, cfrc_ext: forces } = this.current();
    let at = 0;
    for (let i = hiddenPositions; i < qpos.length; i++) out[at++] = qpos[i];
    for (let i = 0; i < qvel.length; i++) out[at++] = qvel[i];
    if (sensesTorso) for (let i = WORLD_FORCES; i < forces.length; i++) out[at++] = forces[i];
  }

  read(): EnvironmentState {
    const { qpos, qvel, qacc_warmstart, xpos, cfrc_ext } = this.current();
    const { name } = this.task.model;
    const sensed = this.task.sensesTorso && {
      torso_position: xpos.slice(TORSO_X, TORSO_X + 2),
      cfrc_ext: cfrc_ext.slice(WORLD_FORCES),
    };
    return {
      actors: {},
      articulations: { [name]: Float64Array.of(...qpos, ...qvel) },
      memory: { qacc_warmstart: qacc_warmstart.slice(), ...sensed },
    };
  }

  write({ articulations, memory }: EnvironmentState): void {
    const { mujoco, model, data } = this;
    mujoco.mj_resetData(model, data);
    const { qpos, qvel, qacc_warmstart, xpos, cfrc_ext } = this.current();
    const row = articulations[this.task.model.name];
    qpos.set(row.subarray(0, qpos.length));
    qvel.set(row.subarray(qpos.length));
    if (!memory) {
      mujoco.mj_forward(model, data);
      return;
    }
    qacc_warmstart.set(memory.qacc_warmstart);
    if (!this.task.sensesTorso) return;
    xpos.set(memory.torso_position, TORSO_X);
    cfrc_ext.set(memory.cfrc_ext, WORLD_FORCES);
  }

  close(): void {
    this.data.delete();
    this.model.delete();
  }

  /** Place of the robot along x. */
  private place(): number {
    const { qpos, xpos } = this.current();
    return this.task.sensesTorso ? xpos[TORSO_X] : qpos[0];
  }

  /** MuJoCo's arrays. Those of before are empty if its memory has grown meanwhile. */
  private current(): Views {
    if (this.views.qpos.length === 0) this.views = viewsOf(this.data);
    return this.views;
  }
}

/** The place of the torso, the first body after the world, among the bodies' positions, and of its forces among theirs. */
const TORSO_X = 3;
const WORLD_FORCES = 6;

function viewsOf({ qpos, qvel, qacc_warmstart, ctrl, xpos, cfrc_ext }: MjData): Views {
  return { qpos, qvel, qacc_warmstart, ctrl, xpos, cfrc_ext };
}
