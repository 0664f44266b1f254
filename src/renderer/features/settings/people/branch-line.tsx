import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './people.module.css';

/** One line of an indented list, and the button that folds what is below. */
export function BranchLine(props: {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  readonly childCount: number;
  readonly isOpen: boolean;
  readonly isFound: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const { name, isOpen } = props;
  return (
    <li
      className={classes.branch}
      data-id={props.id}
      data-found={props.isFound}
      style={{ paddingLeft: 8 + props.level * 22 }}
    >
      {props.childCount > 0 ? (
        <button
          type="button"
          className={classes.twist}
          aria-expanded={isOpen}
          aria-label={t('people.below', { name, count: props.childCount })}
          onClick={props.onToggle}
        >
          {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        </button>
      ) : (
        <span className={classes.twist} aria-hidden />
      )}
      {props.children}
    </li>
  );
}
