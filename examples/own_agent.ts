/**
 * An agent of one's own: a class with `act`, here one that always moves the tool towards the cube and pushes. An agent that
 * was trained is evaluated in the same way, by what `createLearner` or `loadPolicy` gives.
 *
 * Run it in a folder in which rlpd is installed: npx tsc && node own_agent.js
 */
import { evaluate } from 'rlpd';
import { type EnvironmentSpec, makeEnvironment } from 'rlpd/envs';

/** Goes behind the cube and then forwards, by the positions that it observes. */
class Pusher {
  private readonly tool: number;
  private readonly cube: number;

  constructor(private readonly spec: EnvironmentSpec) {
    this.tool = this.offsetOf('tcp_pose');
    this.cube = this.offsetOf('obj_pose');
  }

  /** Rows of observations to rows of actions: x, y and z of the tool, 10 cm at 1, and the gripper. */
  act(observations: Float32Array, actions: Float32Array): void {
    const { observationDim, actionDim } = this.spec;
    for (let row = 0; row * actionDim < actions.length; row++) {
      const seen = observations.subarray(row * observationDim, (row + 1) * observationDim);
      const tool = seen.subarray(this.tool, this.tool + 3);
      const cube = seen.subarray(this.cube, this.cube + 3);
      const isBehind = tool[0] < cube[0] && Math.abs(tool[1] - cube[1]) < 0.015 && tool[2] < 0.05;
      const target = [isBehind ? tool[0] + 0.06 : cube[0] - 0.06, cube[1], isBehind ? 0.03 : 0.02];
      for (let i = 0; i < 3; i++) actions[row * actionDim + i] = (target[i] - tool[i]) / 0.1;
      actions[row * actionDim + 3] = -1;
    }
  }

  private offsetOf(name: string): number {
    const part = this.spec.observationLayout.find((candidate) => candidate.name.endsWith(name));
    if (!part) throw new Error(`the environment has no ${name}`);
    return part.offset;
  }
}

const environment = await makeEnvironment('PushCube-v1', {
  controlMode: 'pd_ee_delta_pos',
  rewardMode: 'normalized_dense',
});
const { summary } = await evaluate(new Pusher(environment.spec), environment, { episodes: 20, seed: 1 });
console.log(`success at some step in ${(summary.success_once * 100).toFixed(0)} % of 20 episodes,`);
console.log(`return ${summary.return.mean.toFixed(2)} ± ${summary.return.std.toFixed(2)}`);
console.log(`first success after ${summary.first_success_step.median} steps (median)`);
environment.close();
