import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { sizeOf } from '../nn/parameters.js';
import { createSession } from './session.js';
import { type Binding, boundName, inputError, type Stage, type StageExecutor } from './stage.js';
import { trace } from './trace.js';
import { sameShape } from './trace_backend.js';

/** A stored value. What a stage replaces is written into `back`, and the two then change places. */
interface Slot {
  front: Tensor;
  back: Tensor | undefined;
}

type Feeds = Record<string, Tensor>;

/**
 * Runs stages as ONNX graphs on preallocated memory. An output is never written over an input of the same run: ONNX
 * Runtime accepts that and then computes subtly wrong gradients.
 */
export class CompiledExecutor implements StageExecutor {
  private readonly slots = new Map<string, Slot>();
  private readonly sessions = new Map<string, InferenceSession>();

  /** @param threads of a session, for stages that do not say otherwise */
  constructor(private readonly threads: number) {}

  async prepare(stages: readonly Stage[]): Promise<void> {
    for (const stage of stages) {
      const graph = trace(stage.run, stage.inputs, outputPort);
      this.sessions.set(stage.name, await createSession(graph, stage.threads ?? this.threads));
    }
  }

  write(name: string, values: Float32Array, shape: readonly number[]): void {
    const slot = this.slots.get(name) ?? this.allocate(name, shape);
    const data = slot.front.data as Float32Array;
    if (data.length !== values.length) {
      throw new Error(`"${name}" holds ${data.length} numbers [${slot.front.dims}], not ${values.length}`);
    }
    data.set(values);
  }

  read(name: string): Float32Array {
    const slot = this.slots.get(name);
    if (!slot) throw new Error(`nothing is stored as "${name}"`);
    return Float32Array.from(slot.front.data as Float32Array);
  }

  async run(stage: Stage, binding: Binding = {}): Promise<void> {
    const session = this.sessions.get(stage.name);
    if (!session) throw new Error(`stage ${stage.name} was not prepared`);
    const replaced: Slot[] = [];
    await session.run(this.feeds(stage, binding), this.fetches(stage, binding, replaced));
    for (const slot of replaced) [slot.front, slot.back] = [slot.back!, slot.front];
  }

  async dispose(): Promise<void> {
    for (const session of this.sessions.values()) await session.release();
    this.sessions.clear();
    this.slots.clear();
  }

  private feeds(stage: Stage, binding: Binding): Feeds {
    const feeds: Feeds = {};
    for (const [input, shape] of Object.entries(stage.inputs)) {
      const name = boundName(input, binding);
      const tensor = this.slots.get(name)?.front;
      if (!tensor || !sameShape(tensor.dims, shape)) throw inputError(stage, name, tensor?.dims);
      feeds[input] = tensor;
    }
    return feeds;
  }

  private fetches(stage: Stage, binding: Binding, replaced: Slot[]): Feeds {
    const fetches: Feeds = {};
    for (const [output, shape] of Object.entries(stage.outputs)) {
      const name = boundName(output, binding);
      const slot = this.slots.get(name) ?? this.allocate(name, shape);
      if (output in stage.inputs) {
        slot.back ??= zeros(shape);
        replaced.push(slot);
        fetches[outputPort(output)] = slot.back;
      } else {
        fetches[outputPort(output)] = slot.front;
      }
    }
    return fetches;
  }

  private allocate(name: string, shape: readonly number[]): Slot {
    const slot = { front: zeros(shape), back: undefined };
    this.slots.set(name, slot);
    return slot;
  }
}

/** A graph may not use one name twice, so an output needs another name than the input it replaces. */
function outputPort(name: string): string {
  return `next/${name}`;
}

function zeros(shape: readonly number[]): Tensor {
  return new Tensor('float32', new Float32Array(sizeOf(shape)), [...shape]);
}
