import { messageCodec } from '../protobuf.js';

/** One record of an event file, as far as it is written here. */
export interface TensorBoardEvent {
  /** Seconds since 1970. */
  wallTime: number;
  step?: number;
  /** The format, `brain.Event:2`, in the first event of a file. */
  fileVersion?: string;
  summary?: { value: SummaryValue[] };
  sessionLog?: { status: number };
}

/** The status of a session that starts: readers drop what came before with the event's step or a later one. */
export const SESSION_START = 1;

/** Content of a tag, one of these kinds. */
export interface SummaryValue {
  tag: string;
  metadata?: { pluginData: { pluginName: string; content?: Uint8Array } };
  simpleValue?: number;
  image?: { height: number; width: number; colorspace: number; encodedImageString: Uint8Array };
  histo?: {
    min: number;
    max: number;
    num: number;
    sum: number;
    sumSquares: number;
    /** The upper end of each bucket, and how many values are in it. */
    bucketLimit: ArrayLike<number>;
    bucket: ArrayLike<number>;
  };
  tensor?: { dtype: number; tensorShape: { dim: { size: number }[] }; stringVal: Uint8Array[] };
}

/** The type number of a tensor of strings. */
export const STRING_TENSOR = 7;

export type HparamValue = { numberValue: number } | { stringValue: string } | { boolValue: boolean };

/** Data of the hparams plugin in a summary's metadata: the hyperparameters of a run. */
export interface HparamsData {
  sessionStartInfo: { hparams: Record<string, HparamValue>; startTimeSecs: number };
}

/** The fields used here of TensorFlow's event, summary and tensor messages and of TensorBoard's hparams plugin. */
const SCHEMA = `
  syntax = "proto3";
  message Event {
    double wall_time = 1;
    int64 step = 2;
    string file_version = 3;
    Summary summary = 5;
    SessionLog session_log = 7;
  }
  message SessionLog { int32 status = 1; }
  message Summary { repeated Value value = 1; }
  message Value {
    string tag = 1;
    oneof value {
      float simple_value = 2;
      Image image = 4;
      Histogram histo = 5;
      Tensor tensor = 8;
    }
    Metadata metadata = 9;
  }
  message Metadata { PluginData plugin_data = 1; }
  message PluginData { string plugin_name = 1; bytes content = 2; }
  message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4; }
  message Histogram {
    double min = 1;
    double max = 2;
    double num = 3;
    double sum = 4;
    double sum_squares = 5;
    repeated double bucket_limit = 6;
    repeated double bucket = 7;
  }
  message Tensor { int32 dtype = 1; TensorShape tensor_shape = 2; repeated bytes string_val = 8; }
  message TensorShape { repeated Dimension dim = 2; }
  message Dimension { int64 size = 1; }

  message HparamsData { SessionStartInfo session_start_info = 3; }
  message SessionStartInfo { map<string, HparamValue> hparams = 1; double start_time_secs = 5; }
  message HparamValue {
    oneof kind {
      double number_value = 2;
      string string_value = 3;
      bool bool_value = 4;
    }
  }
`;

export const eventCodec = messageCodec<TensorBoardEvent>(SCHEMA, 'Event');
export const hparamsCodec = messageCodec<HparamsData>(SCHEMA, 'HparamsData');
