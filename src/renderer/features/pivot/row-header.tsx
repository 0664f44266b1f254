import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import type { ShownRow } from '#shared/analytics/pivot-axis.ts';
import classes from './pivot.module.css';

const STEP_PX = 16;

/** The name of a row, set in by its level, with the sign that folds it. */
export function RowHeader(props: {
  readonly data: ShownRow | undefined;
  readonly value: string;
  /** No row has rows below it. */
  readonly isFlat: boolean;
  readonly onFold: (row: ShownRow) => void;
}) {
  const { data } = props;
  if (data === undefined) return null;
  const Sign = data.isFolded ? IconChevronRight : IconChevronDown;
  const isTotal = data.member.path.length === 0;
  return (
    <span
      className={classes.rowHeader}
      style={{ paddingLeft: data.level * STEP_PX }}
      data-total={isTotal || data.hasChildren}
    >
      {data.hasChildren ? (
        <button
          type="button"
          tabIndex={-1}
          className={classes.fold}
          aria-expanded={!data.isFolded}
          aria-label={props.value}
          onClick={() => props.onFold(data)}
        >
          <Sign size={14} aria-hidden />
        </button>
      ) : props.isFlat ? null : (
        <span className={classes.noFold} />
      )}
      <span className={classes.rowText}>{props.value}</span>
    </span>
  );
}
