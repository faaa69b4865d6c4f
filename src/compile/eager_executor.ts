import { sizeOf } from '../nn/parameters.js';
import { tf } from '../nn/tensorflow.js';
import { type Binding, boundName, inputError, type Stage, type StageExecutor } from './stage.js';
import { sameShape } from './trace_backend.js';

/** Runs stages operation by operation on a TensorFlow.js backend, which must be initialised. */
export class EagerExecutor implements StageExecutor {
  private readonly tensors = new Map<string, tf.Tensor>();

  constructor(private readonly backend: string) {}

  async prepare(): Promise<void> {}

  write(name: string, values: Float32Array, shape: readonly number[]): void {
    this.activate();
    const previous = this.tensors.get(name);
    if ((previous?.size ?? sizeOf(shape)) !== values.length) {
      throw new Error(`"${name}" holds ${sizeOf(shape)} numbers [${shape}], not ${values.length}`);
    }
    // The backend may keep the array it is given, so it gets its own.
    this.replace(name, tf.tensor(values.slice(), previous?.shape ?? [...shape], 'float32'));
  }

  read(name: string): Float32Array {
    this.activate();
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`nothing is stored as "${name}"`);
    return Float32Array.from(tensor.dataSync());
  }

  async run(stage: Stage, binding: Binding = {}): Promise<void> {
    this.activate();
    const inputs: Record<string, tf.Tensor> = {};
    for (const [input, shape] of Object.entries(stage.inputs)) {
      const name = boundName(input, binding);
      const tensor = this.tensors.get(name);
      if (!tensor || !sameShape(tensor.shape, shape)) throw inputError(stage, name, tensor?.shape);
      inputs[input] = tensor;
    }
    const outputs = tf.tidy(() => stage.run(inputs));
    for (const [output, tensor] of Object.entries(outputs)) this.replace(boundName(output, binding), tensor);
  }

  async dispose(): Promise<void> {
    tf.dispose([...this.tensors.values()]);
    this.tensors.clear();
  }

  private replace(name: string, tensor: tf.Tensor): void {
    this.tensors.get(name)?.dispose();
    this.tensors.set(name, tf.keep(tensor));
  }

  /** The current backend is global in TensorFlow.js; switching to an initialised one takes effect at once. */
  private activate(): void {
    if (tf.getBackend() !== this.backend) void tf.setBackend(this.backend);
  }
}
