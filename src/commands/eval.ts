import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { applyOverride, type ConfigTree, validateConfig } from '../config/load.js';
import { duration } from '../duration.js';
import { UserError } from '../errors.js';
import { summaryTable } from '../logging/tables.js';
import { evaluate } from '../rollout/evaluate.js';
import { checkpointPath, type LoadedCheckpoint, loadCheckpoint } from '../training/checkpoint.js';
import { createAgent } from '../training/create_run.js';
import { createEvaluationEnvs, evaluationEpisodes, greedyPolicy } from '../training/evaluation.js';
import { openRunFolder } from '../training/run_folder.js';

/** `rlpd eval <run or checkpoint> [key=value …]` */
export function evalCommand(): Command {
  return new Command('eval')
    .description('evaluate a trained policy on fixed episodes of full length')
    .argument('<run>', 'a run folder (its latest checkpoint is taken) or a checkpoint file')
    .argument('[overrides...]', 'key=value, such as sac.eval_episodes=200 or eval_env.seed=7')
    .action(async (target: string, overrides: string[]) => {
      const checkpoint = await loadCheckpoint(findCheckpoint(target));
      await evaluateCheckpoint(checkpoint, overrides);
    });
}

function findCheckpoint(target: string): string {
  if (target.endsWith('.safetensors')) return target;
  if (!existsSync(target)) throw new UserError(`${target}: no such run folder or checkpoint`);
  return checkpointPath(openRunFolder(target).modelsPath, 'latest');
}

async function evaluateCheckpoint(checkpoint: LoadedCheckpoint, overrides: readonly string[]): Promise<void> {
  const tree: ConfigTree = structuredClone({ ...checkpoint.config });
  for (const override of overrides) applyOverride(tree, override);
  const config = validateConfig(tree, checkpoint.path);
  const envs = await createEvaluationEnvs(config);
  const agent = await createAgent(config, envs.spec.observationDim, envs.spec.actionDim);
  try {
    setState(checkpoint, () => agent.setState(checkpoint.agent));
    const { envSteps, gradientSteps } = checkpoint.progress;
    console.log(`${checkpoint.path} (${checkpoint.hash}): ${envSteps} env steps, ${gradientSteps} updates`);
    const started = performance.now();
    const numEpisodes = evaluationEpisodes(config);
    const { summary } = await evaluate(envs, greedyPolicy(agent, checkpoint.actionScale), numEpisodes);
    console.log(summaryTable(`${config.env.env_id}, ${numEpisodes} episodes`, summary));
    console.log(
      `success_at_end ${summary.success_at_end.toFixed(3)}, ${duration((performance.now() - started) / 1000)}`,
    );
  } finally {
    await agent.dispose();
    await envs.close();
  }
}

/** An override may describe other networks or another task than the checkpoint's: say so in those words. */
function setState(checkpoint: LoadedCheckpoint, set: () => void): void {
  try {
    set();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${checkpoint.path} does not fit this configuration: ${reason}`, { cause: error });
  }
}
