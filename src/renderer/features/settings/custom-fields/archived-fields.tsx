import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useFilledCount } from '#renderer/features/settings/custom-fields/use-filled-count.ts';
import { kindOfSlot, type CustomizableEntity } from '#shared/entities/custom-field/custom-slots.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from '../settings.module.css';

interface ArchivedProps {
  readonly entity: CustomizableEntity;
  readonly mayChange: boolean;
}

/** Fields that are no longer shown: their values are kept, and come back with them. */
export function ArchivedFields(props: ArchivedProps & { readonly records: readonly LocalRecord[] }) {
  const { t } = useTranslation();
  if (props.records.length === 0) return null;
  return (
    <section aria-labelledby="archived-fields">
      <div className={classes.sectionHead}>
        <h2 id="archived-fields" className={classes.subtitle}>
          {t('customFields.archivedTitle')}
        </h2>
      </div>
      <table className={classes.table} data-testid="archived-fields">
        <tbody>
          {props.records.map((record) => (
            <ArchivedRow key={record.id} {...props} record={record} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ArchivedRow(props: ArchivedProps & { readonly record: LocalRecord }) {
  const { t } = useTranslation();
  const run = useCommand();
  const { record } = props;
  const slot = textOf(record['slot']);
  const label = textOf(record['label']);
  const count = useFilledCount(props.entity, slot);
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{t(`customFields.kinds.${kindOfSlot(slot) ?? 'text'}`)}</td>
      <td>{count === null ? '' : t('customFields.filled', { count })}</td>
      <td className={classes.check}>
        {props.mayChange ? (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t('customFields.bringBackLabel', { label })}
            onClick={() =>
              void run(
                'updateRecord',
                { entity: 'customField', id: record.id, values: { isArchived: null } },
                { done: t('customFields.broughtBack') },
              )
            }
          >
            {t('customFields.bringBack')}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
