import { messageCodec } from '../protobuf.js';

/** One record of a run file of Weights & Biases, as far as it is written here. One kind of content is set. */
export interface WandbRecord {
  /** The number of the record in its file, from 1. */
  num: number;
  header?: { versionInfo: { producer: string; minConsumer: string } };
  run?: RunRecord;
  config?: { update: ConfigItem[] };
  history?: { item: NestedItem[]; step: { num: number } };
  summary?: { update: NestedItem[] };
  metric?: {
    name: string;
    stepMetric?: string;
    options: { stepSync?: boolean; defined: boolean };
  };
  files?: { files: { path: string }[] };
  outputRaw?: { outputType: number; timestamp: Timestamp; line: string };
  exit?: { exitCode: number; runtime: number };
  final?: Record<string, never>;
}

export interface RunRecord {
  runId: string;
  entity?: string;
  project: string;
  config: { update: ConfigItem[] };
  runGroup: string;
  displayName: string;
  notes?: string;
  tags: string[];
  host: string;
  startTime: Timestamp;
}

export interface ConfigItem {
  key: string;
  valueJson: string;
}

/** A value inside nested objects: its path of keys. */
export interface NestedItem {
  nestedKey: string[];
  valueJson: string;
}

export interface Timestamp {
  seconds: number;
  nanos: number;
}

/** The output type of text on the standard output. */
export const STANDARD_OUTPUT = 1;

/** The fields used here of `wandb_internal.proto`. */
const SCHEMA = `
  syntax = "proto3";
  message Record {
    int64 num = 1;
    oneof record_type {
      History history = 2;
      Summary summary = 3;
      Config config = 5;
      Files files = 6;
      Metric metric = 12;
      OutputRaw output_raw = 13;
      Run run = 17;
      Exit exit = 18;
      Final final = 20;
      Header header = 21;
    }
  }
  message Header { VersionInfo version_info = 1; }
  message VersionInfo { string producer = 1; string min_consumer = 2; }
  message Run {
    string run_id = 1;
    string entity = 2;
    string project = 3;
    Config config = 4;
    string run_group = 6;
    string display_name = 8;
    string notes = 9;
    repeated string tags = 10;
    string host = 13;
    Timestamp start_time = 17;
  }
  message Config { repeated ConfigItem update = 1; }
  message ConfigItem { string key = 1; string value_json = 16; }
  message History { repeated NestedItem item = 1; Step step = 2; }
  message Step { int64 num = 1; }
  message Summary { repeated NestedItem update = 1; }
  message NestedItem { repeated string nested_key = 2; string value_json = 16; }
  message Metric { string name = 1; string step_metric = 4; MetricOptions options = 6; }
  message MetricOptions { bool step_sync = 1; bool defined = 3; }
  message Files { repeated FilesItem files = 1; }
  message FilesItem { string path = 1; }
  message OutputRaw { int32 output_type = 1; Timestamp timestamp = 2; string line = 3; }
  message Exit { int32 exit_code = 1; int32 runtime = 2; }
  message Final {}
  message Timestamp { int64 seconds = 1; int32 nanos = 2; }
`;

export const recordCodec = messageCodec<WandbRecord>(SCHEMA, 'Record');
