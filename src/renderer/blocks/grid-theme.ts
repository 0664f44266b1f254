// How every grid looks: the colours and measures of the product instead of those of the library.
import { themeQuartz } from 'ag-grid-community';

export const gridTheme = themeQuartz.withParams({
  accentColor: 'var(--mantine-primary-color-filled)',
  backgroundColor: 'var(--op-surface)',
  foregroundColor: 'var(--op-text)',
  headerBackgroundColor: 'var(--op-canvas)',
  headerTextColor: 'var(--op-text-muted)',
  headerFontWeight: 560,
  borderColor: 'var(--op-border)',
  rowHoverColor: 'var(--op-hover)',
  selectedRowBackgroundColor: 'var(--op-selected)',
  fontFamily: 'inherit',
  fontSize: 13,
  rowHeight: 32,
  headerHeight: 32,
  spacing: 6,
  wrapperBorder: false,
  wrapperBorderRadius: 0,
  oddRowBackgroundColor: 'transparent',
});
