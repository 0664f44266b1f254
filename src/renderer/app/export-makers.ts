// Which screen's code makes which file. It is read when the first such file is made, whether its screen was ever open or not.
import type { ExportMakers } from '#renderer/blocks/export/export-makers.ts';

export const exportMakers: ExportMakers = {
  list: async (...asked) => (await import('#renderer/blocks/export/make-list.ts')).makeList(...asked),
  pivot: async (...asked) => (await import('#renderer/features/pivot/make-pivot.ts')).makePivot(...asked),
  dashboard: async (...asked) =>
    (await import('#renderer/features/dashboards/make-dashboard.ts')).makeDashboard(...asked),
  forecast: async (...asked) => (await import('#renderer/features/forecast/make-forecast.ts')).makeForecast(...asked),
  submission: async (...asked) =>
    (await import('#renderer/features/forecast/make-submission.ts')).makeSubmission(...asked),
  changes: async (...asked) => (await import('#renderer/features/changes/make-changes.ts')).makeChanges(...asked),
};
