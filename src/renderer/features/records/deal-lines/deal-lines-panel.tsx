// What a deal sells: its products with quantity, price and discount, and what they come to.
import { Button } from '@mantine/core';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { DealLinesDialog } from '#renderer/features/records/deal-lines/deal-lines-dialog.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { linesOf, valueOfLine } from '#shared/analytics/deal-lines.ts';
import { sumOfLines } from '#shared/analytics/edit-lines.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './deal-lines.module.css';

export function DealLinesPanel(props: { readonly deal: LocalRecord; readonly canUpdate: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const run = useCommand();
  const fieldModes = useFieldModes();
  const [isEditing, setEditing] = useState(false);
  const { deal } = props;
  const isKnown = (field: string): boolean => fieldModes.isKnown(entities.deal, field);
  // No line tells what another field of the deal hides.
  if (!isKnown('lines') || !isKnown('productIds')) return null;
  const seesPrices = isKnown('amount');
  const mayEdit =
    props.canUpdate &&
    seesPrices &&
    ['lines', 'productIds'].every((field) => fieldModes.modeOf(entities.deal, field) === 'edit');
  const lines = linesOf(deal);
  const currency = textOf(deal['currency']) || 'EUR';
  const sum = sumOfLines(lines);
  const money = (value: unknown): string => (typeof value === 'number' ? format.money(value, currency) : '');
  const isAmountAnother = seesPrices && lines.length > 0 && sum !== deal['amount'];

  return (
    <Panel
      title={t('dealLines.title', { count: lines.length })}
      actions={
        mayEdit ? (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={lines.length === 0 ? <IconPlus size={15} /> : <IconPencil size={15} />}
            onClick={() => setEditing(true)}
          >
            {t(lines.length === 0 ? 'dealLines.add' : 'dealLines.edit')}
          </Button>
        ) : null
      }
    >
      {lines.length === 0 ? (
        <p className="op-muted">{t('dealLines.none')}</p>
      ) : (
        <table className={classes.table} data-testid="deal-lines">
          <thead>
            <tr>
              <th scope="col">{t('dealLines.product')}</th>
              <th scope="col">{t('dealLines.quantity')}</th>
              {seesPrices ? (
                <>
                  <th scope="col">{t('dealLines.unitPrice')}</th>
                  <th scope="col">{t('dealLines.discount')}</th>
                  <th scope="col">{t('dealLines.total')}</th>
                </>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {lines.map((line, index) => (
              <tr key={`${line.productId ?? ''} ${String(index)}`}>
                <th scope="row">
                  {line.productId === null ? '–' : <RecordName entity="product" id={line.productId} />}
                </th>
                <td>{line.quantity === null ? '' : format.number(line.quantity)}</td>
                {seesPrices ? (
                  <>
                    <td>{money(line.unitPrice)}</td>
                    <td>
                      {line.discountPercent === null || line.discountPercent === 0
                        ? ''
                        : format.percent(line.discountPercent)}
                    </td>
                    <td>{money(valueOfLine(line, 'total'))}</td>
                  </>
                ) : null}
              </tr>
            ))}
          </tbody>
          {seesPrices ? (
            <tfoot>
              <tr>
                <th scope="row" colSpan={4}>
                  {t('dealLines.sum')}
                </th>
                <td>{money(sum)}</td>
              </tr>
            </tfoot>
          ) : null}
        </table>
      )}
      {isAmountAnother && mayEdit && fieldModes.modeOf(entities.deal, 'amount') === 'edit' ? (
        <p className={classes.note}>
          {t('dealLines.otherAmount', { amount: typeof deal['amount'] === 'number' ? money(deal['amount']) : '–' })}{' '}
          <Button
            size="compact-xs"
            variant="light"
            onClick={() =>
              void run(
                'updateRecord',
                { entity: 'deal', id: deal.id, values: { amount: sum } },
                {
                  done: t('dealLines.amountTaken'),
                  undo: {
                    command: 'updateRecord',
                    input: { entity: 'deal', id: deal.id, values: { amount: deal['amount'] ?? null } },
                    entity: 'deal',
                    ids: [deal.id],
                    left: { amount: sum },
                  },
                },
              )
            }
          >
            {t('dealLines.takeAmount', { amount: money(sum) })}
          </Button>
        </p>
      ) : null}
      {isEditing ? <DealLinesDialog deal={deal} currency={currency} onClose={() => setEditing(false)} /> : null}
    </Panel>
  );
}
