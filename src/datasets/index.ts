/** Recorded episodes of any format, to read and to write: what `rlpd/datasets` gives to programs. */
export type { ActionBounds } from './action_range.js';
export { type ArrayEpisode, type ArrayOptions, type ArrayRows, arrayDataset } from './array_dataset.js';
export type { DatasetRoot } from './catalog/dataset_roots.js';
export {
  type ListedDataset,
  type ListedRoot,
  listDatasets,
  listFolderDatasets,
} from './catalog/list_datasets.js';
export type {
  BytesColumn,
  Column,
  Columns,
  ColumnType,
  NumberArrays,
  NumberColumn,
  NumberType,
  TextColumn,
} from './column.js';
export type { ColumnRange } from './column_range.js';
export type { ColumnDifference } from './comparison/column_difference.js';
export {
  type ComparisonOptions,
  compareDatasets,
  type DatasetComparison,
  type EpisodePair,
} from './comparison/compare_datasets.js';
export type { EpisodeDifference } from './comparison/episode_differences.js';
export type { AccountRow, Fate, Finding } from './conversion/account.js';
export {
  type Conversion,
  type ConversionOptions,
  convertDataset,
  type WrittenPart,
  writeDataset,
  writeDatasets,
} from './conversion/convert.js';
export type { Dataset, DatasetHead, DatasetTask, DeclaredColumn, LearningRules } from './dataset.js';
export type { Episode, EpisodeOutcome } from './episode.js';
export { filterDataset } from './filter/filter_dataset.js';
export { type EpisodeFilter, type FilteredPlaces, filterPlaces } from './filter/filter_places.js';
export type { DatasetFormat, WritableFormat } from './format.js';
export type { FormatWriter, WriteTarget, WrittenHead } from './format_writer.js';
export { type DatasetFile, type DatasetInfo, datasetInfo, type InfoOptions } from './info.js';
export type { Metadata, MetadataValue } from './metadata.js';
export { recordedRules } from './recorded_rules.js';
export { type CollectorOptions, DataCollector } from './recording/data_collector.js';
export type { RecordedEnvironmentOptions } from './recording/recorded_environment.js';
export type { RecordedVectorOptions } from './recording/recorded_vector_environment.js';
export type { InfoValue, StepInfos } from './recording/step_infos.js';
export {
  DATASET_FORMATS,
  locateDataset,
  openDataset,
  registerFormat,
  verifyDataset,
  WRITABLE_FORMATS,
} from './registry.js';
export { type Repair, repairDataset } from './repair/repair.js';
export {
  type ColumnStatistics,
  type DatasetStatistics,
  datasetStatistics,
} from './statistics/dataset_statistics.js';
export type { QuantileName, SeriesStatistics } from './statistics/series_statistics.js';
export type { Survey, SurveyedColumn, SurveyedEpisode } from './survey.js';
export { isBad, problemsOf, type Verification, type VerifyOptions } from './verification.js';
export { verifyEpisodes } from './verify_episodes.js';
export { type ChosenColumns, type ColumnChoice, chosenColumns } from './views/chosen_columns.js';
export { chosenEpisodes } from './views/chosen_episodes.js';
export { combineDatasets } from './views/combine.js';
export { combinedDatasets } from './views/combined.js';
export { withProvenance } from './views/provenance.js';
export { samplePlaces, sampleSteps } from './views/sample.js';
export { type SampleSize, sampleDataset } from './views/sample_dataset.js';
export { type PartSize, splitPlaces } from './views/split.js';
export { type SplitPart, splitDataset } from './views/split_dataset.js';
export type { WholeEpisode } from './whole_episode.js';
