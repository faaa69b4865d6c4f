import { type Backend, parseBackend, prepareStage, startBackend } from '../../compile/backends.js';
import { compileStage } from '../../compile/compile_stage.js';
import { loadStage } from '../../compile/compiled_stages.js';
import { LocalArrays } from '../../compile/local_arrays.js';
import { SharedArrays } from '../../compile/shared_arrays.js';
import type { Stage } from '../../compile/stage.js';
import type { Provider } from '../../runtime/contract.js';
import { findGpuProvider } from '../../runtime/gpu.js';
import { availableThreads } from '../../runtime/thread_count.js';
import { workerEntry } from '../../runtime/threads.js';
import { Progress } from '../../threads/progress.js';
import { Team } from '../../threads/team.js';
import type { Declaration, Sizes } from '../algorithm.js';
import { dualStepper } from './dual_stepper.js';
import { Machine } from './machine.js';
import { arraySizes, threadGroups } from './memory.js';
import { type LearnerModel, modelOf } from './model.js';
import { type Pattern, phasePrograms } from './phase_program.js';
import { usefulThreads } from './placement.js';
import type { PhaseModel } from './places.js';
import { moveState, type StateTransfer } from './state_transfer.js';
import type { WorkerMessage, WorkerStart } from './worker.js';

/** The backend, device and threads of a learner. */
export interface ComputeOptions {
  /** `compiled`, or a TensorFlow.js backend; see `src/compile/backends.ts`. */
  backend: string;
  /** The device of the compiled stages of training; `gpu` is for `compiled` alone. Acting, a few rows, is done on the CPU. */
  device: 'cpu' | 'gpu';
  /** Threads of a compiled learner on the CPU; null means as many as the machine offers. See `availableThreads`. */
  threads: number | null;
}

/** Throws, naming the option, if a value makes no sense or does not go with another. */
export function checkCompute({ backend, device, threads }: ComputeOptions): void {
  parseBackend(backend);
  if (threads !== null && !(Number.isInteger(threads) && threads > 0)) {
    throw new RangeError(`threads must be null or a positive integer, not ${threads}`);
  }
  if (device !== 'cpu' && device !== 'gpu') throw new RangeError(`device must be cpu or gpu, not ${device}`);
  if (device === 'gpu' && backend !== 'compiled') {
    throw new RangeError(`device gpu goes with the backend "compiled", not with "${backend}"`);
  }
}

/** The threads that train one learner, the calling one among them, and the arrays that they share. */
export class Engine {
  private readonly loaded = new Set<string>();

  private constructor(
    readonly model: LearnerModel,
    /** The calling thread's part. */
    readonly machine: Machine,
    /** The provider of ONNX Runtime that trains, if the backend is the compiled one. */
    readonly provider: Provider,
    private readonly backend: Backend,
    private readonly team: Team<WorkerMessage>,
    private readonly progress: Progress,
  ) {}

  /** Compiles the stages and starts the threads. Throws a UserError if a GPU is asked for that can't be used. */
  static async create(declaration: Declaration, sizes: Sizes, options: ComputeOptions): Promise<Engine> {
    const backend = await startBackend(options.backend);
    const provider = options.device === 'gpu' ? await findGpuProvider() : 'cpu';
    // TensorFlow.js has one thread, and several would only queue for one GPU.
    const isParallel = backend === 'compiled' && provider === 'cpu';
    const useful = usefulThreads(declaration.networks, sizes);
    const threads = isParallel ? Math.min(options.threads ?? availableThreads(), useful) : 1;
    const model = modelOf(declaration, sizes, threads);
    const shared = new SharedArrays(model.sharedSizes);
    const progress = new Progress(0, threads);
    const local = new LocalArrays(threadGroups(declaration, sizes, 0, threads));
    const machine = new Machine(local, shared, progress, dualStepper(model, shared));
    const starts = Array.from({ length: threads - 1 }, (_, i): WorkerStart => {
      const groups = threadGroups(declaration, sizes, i + 1, threads);
      return {
        thread: i + 1,
        threads,
        groups,
        sizes: model.sharedSizes,
        shared: shared.buffer,
        progress: progress.buffer,
      };
    });
    const entry = workerEntry(import.meta.url, 'worker.js');
    const team = new Team<WorkerMessage>(entry, starts, progress, 'learner thread');
    if (backend === 'compiled') {
      const stages = model.stages.map((stage) => compileStage(stage, provider));
      team.tell({ kind: 'prepare', stages });
      for (const stage of stages) machine.add(await loadStage(stage, local.memory, provider));
    } else {
      for (const stage of model.stages) machine.add(await prepareStage(stage, backend, local.memory));
    }
    return new Engine(model, machine, provider, backend, team, progress);
  }

  get shared(): SharedArrays {
    return this.machine.shared;
  }

  /** Makes a stage ready to be run by the calling thread alone, on the CPU. */
  async prepare(stage: Stage): Promise<void> {
    this.machine.add(await prepareStage(stage, this.backend, this.machine.local.memory));
  }

  /** Makes the updates of a pattern in a phase. Their inputs are in shared memory. */
  async run(phase: string, pattern: Pattern): Promise<void> {
    const phaseModel = this.model.phases[phase];
    const name = JSON.stringify([phase, pattern]);
    if (!this.loaded.has(name)) this.load(name, phaseModel, pattern);
    await this.team.run({ kind: 'run', name }, () => this.machine.run(name));
  }

  /** Zeroed arrays for that part of the state which lies in the threads' own memory. */
  emptyState(): SharedArrays {
    return new SharedArrays(arraySizes(this.model.ownShapes));
  }

  /** Copies of the arrays of the state that are the threads' own. */
  async save(): Promise<SharedArrays> {
    const state = this.emptyState();
    await this.move({ direction: 'save', sizes: { ...state.sizes }, buffer: state.buffer });
    return state;
  }

  /** Replaces those arrays. */
  async restore(state: SharedArrays): Promise<void> {
    await this.move({ direction: 'restore', sizes: { ...state.sizes }, buffer: state.buffer });
  }

  async dispose(): Promise<void> {
    await this.team.dismiss();
    await this.machine.dispose();
  }

  private load(name: string, phase: PhaseModel, pattern: Pattern): void {
    const [own, ...others] = phasePrograms(phase, pattern);
    this.machine.load(name, own);
    this.team.tellEach(others.map((program) => ({ kind: 'load', name, program })));
    this.loaded.add(name);
  }

  private async move(transfer: StateTransfer): Promise<void> {
    await this.team.run({ kind: 'state', ...transfer }, () => {
      moveState(this.machine.local, transfer);
      return this.progress.meet(1);
    });
  }
}
