import { type Backend, prepareStages, startBackend } from '../../compile/backends.js';
import { compileStage } from '../../compile/compile_stage.js';
import { addCompiledStages } from '../../compile/compiled_stages.js';
import { findGpuProvider } from '../../compile/gpu_provider.js';
import { LocalArrays } from '../../compile/local_arrays.js';
import type { Provider } from '../../compile/session.js';
import { SharedArrays } from '../../compile/shared_arrays.js';
import type { Stage } from '../../compile/stage.js';
import { StageExecutor } from '../../compile/stage_executor.js';
import { asGroup } from '../../nn/parameters.js';
import { Barrier } from '../../threads/barrier.js';
import { Team } from '../../threads/team.js';
import { availableThreads } from '../../threads/thread_count.js';
import { workerEntry } from '../../worker_entry.js';
import { exchangeSizes } from './exchange.js';
import { type LearnerCommand, LearnerThread } from './learner_thread.js';
import type { LearnerMessage, LearnerStart } from './learner_worker.js';
import { arraySizes, groupSizes, type RlpdModel } from './model.js';
import type { RlpdOptions } from './options.js';
import { policyParts } from './shapes.js';
import { localGroups } from './thread_place.js';

/** The threads that train one learner, the calling one among them, and the arrays they share. */
export class LearnerTeam {
  private constructor(
    readonly shared: SharedArrays,
    /** The calling thread's part. */
    readonly executor: StageExecutor,
    /** What trains, if the backend is the compiled one. */
    readonly provider: Provider,
    private readonly backend: Backend,
    private readonly ownSizes: Record<string, number>,
    private readonly sharedState: readonly string[],
    private readonly thread: LearnerThread,
    private readonly team: Team<LearnerMessage>,
  ) {}

  /** Compiles the stages and starts the threads. Throws a UserError if the options ask for a GPU that can't be used. */
  static async create(options: RlpdOptions, model: RlpdModel): Promise<LearnerTeam> {
    const backend = await startBackend(options.backend);
    const provider = options.device === 'gpu' ? await findGpuProvider() : 'cpu';
    // A thread without a critic, or half of the policy's work, would have nothing to do.
    const useful = Math.max(options.numQs, policyParts(options));
    // TensorFlow.js has one thread, and several would only queue for one GPU.
    const isParallel = backend === 'compiled' && provider === 'cpu';
    const count = isParallel ? Math.min(options.threads ?? availableThreads(), useful) : 1;
    const groupsOf = (index: number) => localGroups(model, options, { index, count });
    const sizes = {
      ...exchangeSizes(options),
      ...arraySizes(model.sharedShapes),
      ...(count > 1 ? asGroup('shared', groupSizes(model.actorGradients)) : {}),
    };
    const shared = new SharedArrays(sizes);
    const barrier = new Barrier(count);
    const executor = new StageExecutor(new LocalArrays(groupsOf(0)), shared);
    const workers = Array.from({ length: count - 1 }, (_, i): LearnerStart => {
      const place = { index: i + 1, count };
      const memory = { sizes, shared: shared.buffer, barrier: barrier.buffer };
      return { options, place, groups: groupsOf(place.index), ...memory };
    });
    const entry = workerEntry(import.meta.url, 'learner_worker.js');
    const team = new Team<LearnerMessage>(entry, workers, barrier, 'learner thread');
    if (backend === 'compiled') {
      const stages = model.stages.map(compileStage);
      team.tell({ kind: 'prepare', stages });
      await addCompiledStages(executor, stages, provider);
    } else await prepareStages(executor, model.stages, backend);
    const [ownSizes, sharedState] = [arraySizes(model.ownShapes), Object.keys(model.sharedShapes)];
    const thread = new LearnerThread(options, { index: 0, count }, executor, shared, barrier);
    return new LearnerTeam(shared, executor, provider, backend, ownSizes, sharedState, thread, team);
  }

  /** Makes a stage ready to be run by the calling thread alone, on the CPU. */
  async prepare(stage: Stage): Promise<void> {
    await prepareStages(this.executor, [stage], this.backend);
  }

  async run(command: LearnerCommand): Promise<void> {
    await this.team.run(command, () => this.thread.run(command));
  }

  /** Copies of all arrays of the state, by their names. */
  async save(): Promise<Record<string, Float32Array>> {
    const own = new SharedArrays(this.ownSizes);
    await this.run({ kind: 'save', sizes: own.sizes, buffer: own.buffer });
    return { ...copies(own, Object.keys(own.sizes)), ...copies(this.shared, this.sharedState) };
  }

  /** Replaces all arrays of the state; those that are not given become zero. */
  async load(arrays: Readonly<Record<string, Float32Array>>): Promise<void> {
    const own = new SharedArrays(this.ownSizes);
    for (const name of Object.keys(own.sizes)) if (name in arrays) own.write(name, arrays[name]);
    await this.run({ kind: 'load', sizes: own.sizes, buffer: own.buffer });
    for (const name of this.sharedState) {
      if (name in arrays) this.shared.write(name, arrays[name]);
      else this.shared.get(name).fill(0);
    }
  }

  async dispose(): Promise<void> {
    await this.team.dismiss();
    await this.executor.dispose();
  }
}

function copies(from: SharedArrays, names: readonly string[]): Record<string, Float32Array> {
  return Object.fromEntries(names.map((name) => [name, from.get(name).slice()]));
}
