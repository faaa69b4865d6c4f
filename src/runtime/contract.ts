import type * as tensorflow from '@tensorflow/tfjs';

/**
 * The contract between a platform and the code that runs on any of them. Node's part is `node/`; another platform has
 * files of the same names and exports, which the build puts in their place. There are several, since a thread that only
 * steps environments must not wait until ONNX Runtime is loaded.
 */

/** Worker threads, which share memory and may block while they wait for each other. */
export interface Threads {
  /**
   * The module `name` beside the module `importer` (its `import.meta.url`), to start a worker thread with. Throws if it
   * has not been built.
   */
  workerEntry(importer: string, name: string): URL;
  /** Starts a worker thread, the only way to do so. */
  startWorker<Message, Answer = never>(entry: URL, options: WorkerOptions<Answer>): WorkerThread<Message>;
  /** The thread that started this one; for a worker. */
  joinStarter<Start, Message = never, Answer = never>(): Promise<Starter<Start, Message, Answer>>;
  /** Resolves when events that were waiting, such as messages, have had their turn. */
  nextTurn(): Promise<void>;
}

/** The beginning of a worker thread. */
export interface WorkerOptions<Answer> {
  /** Its name in messages about its end. */
  name: string;
  /** Plain data that it begins with. */
  start?: unknown;
  /** True if the process may end while the thread still runs. */
  isBackground?: boolean;
  /** True if its output is not to be shown. */
  isSilent?: boolean;
  onAnswer?(answer: Answer): void;
  /**
   * Hears, at most once, the reason why the thread ended: an error that it left uncaught, or an end that nobody had
   * asked for.
   */
  onFailure(failure: Error): void;
}

/** A worker thread, for the one that started it. */
export interface WorkerThread<Message> {
  post(message: Message): void;
  /** Ends it at once, whatever it does; that is no failure. Resolves when it has ended. */
  terminate(): Promise<void>;
  /** Resolves when it has ended, however that came about. */
  readonly ended: Promise<void>;
}

/** The thread that started this one. */
export interface Starter<Start, Message, Answer> {
  /** Data that this thread begins with. */
  readonly start: Start;
  post(answer: Answer): void;
  /**
   * Handles the messages, from the first one on, one after another: each when the handling of the one before has
   * resolved. An error ends this thread, and is its failure.
   */
  onMessage(act: (message: Message) => void | Promise<void>): void;
  /** Ends the handling of messages, so that this thread ends when it has nothing else to do. */
  close(): void;
}

/** The number of threads. */
export interface ThreadCount {
  /** The number of threads that a command may use. */
  availableThreads(): number;
}

/** The execution providers of ONNX Runtime that compute on a graphics card. */
export type GpuProvider = 'cuda' | 'webgpu';

/** A provider of ONNX Runtime. */
export type Provider = 'cpu' | GpuProvider;

/** A runtime for ONNX models. */
export interface Onnx {
  /** Prepares an ONNX model to be run by the calling thread alone. */
  createSession(model: Uint8Array, provider: Provider): Promise<Session>;
}

/** An ONNX model that is ready to be run. */
export interface Session {
  /** The model on these arrays by its names; a call reads the inputs and fills the outputs. */
  bind(inputs: NamedData, outputs: NamedData): () => Promise<void>;
  release(): Promise<void>;
}

/** Arrays with their shapes, by the names of a model's inputs or outputs. */
export type NamedData = Readonly<Record<string, { data: Float32Array; shape: readonly number[] }>>;

/** The graphics card. */
export interface Gpu {
  /**
   * The first provider that computes on this machine's graphics card. Throws a UserError, with the reason for each
   * provider, if none does.
   */
  findGpuProvider(): Promise<GpuProvider>;
}

/** The TensorFlow.js library, in the form that loads fastest. */
export interface TensorFlow {
  /** Loads the library, which takes a while. */
  loadTensorFlow(): typeof tensorflow;
}
