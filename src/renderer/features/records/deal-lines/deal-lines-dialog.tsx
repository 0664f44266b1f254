import { ActionIcon, Button, Group, NumberInput, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive, useRequest } from '#renderer/data/use-data.ts';
import { linesOf, valueOfLine } from '#shared/analytics/deal-lines.ts';
import { problemsOfLine, sumOfLines, toLine, valuesOfLines, type EditedLine } from '#shared/analytics/edit-lines.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './deal-lines.module.css';

const MOST_LINES = 100;

const createLine = (): EditedLine => ({
  key: crypto.randomUUID(),
  productId: null,
  quantity: 1,
  unitPrice: null,
  discountPercent: null,
});

function startOf(deal: LocalRecord): readonly EditedLine[] {
  const lines = linesOf(deal).map((line) => ({ ...line, key: crypto.randomUUID() }));
  return lines.length === 0 ? [createLine()] : lines;
}

/** All lines of a deal at once: what is saved is one change. */
export function DealLinesDialog(props: {
  readonly deal: LocalRecord;
  readonly currency: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const run = useCommand();
  const request = useRequest();
  const { deal, currency, onClose } = props;
  const [start] = useState(() => startOf(deal));
  const [lines, setLines] = useState(start);
  const [isTried, setTried] = useState(false);
  const { data } = useLive('list', {
    entity: 'product',
    filter: { field: 'id', op: 'in', value: start.flatMap(({ productId }) => productId ?? []) },
    sort: [],
    offset: 0,
    limit: MOST_LINES,
  });
  const nameOf = (id: string | null): string | undefined =>
    textOf(data?.rows.find((row) => row.id === id)?.['name']) || undefined;
  const change = (key: string, next: Partial<EditedLine>): void =>
    setLines((before) => before.map((line) => (line.key === key ? { ...line, ...next } : line)));

  /** A price of the catalogue in another currency says nothing about this deal. */
  async function choose(key: string, productId: string | null): Promise<void> {
    change(key, { productId });
    if (productId === null) return;
    const [found] = await request('readFields', {
      entity: 'product',
      ids: [productId],
      fields: ['unitPrice', 'currency'],
    });
    const price = found?.values['unitPrice'];
    if (typeof price === 'number' && found?.values['currency'] === currency) change(key, { unitPrice: price });
  }

  async function save(): Promise<void> {
    setTried(true);
    if (lines.some((line) => Object.keys(problemsOfLine(line)).length > 0)) return;
    const values = valuesOfLines(lines);
    const former = { lines: deal['lines'] ?? null, productIds: deal['productIds'] ?? [] };
    const outcome = await run(
      'updateRecord',
      { entity: 'deal', id: deal.id, values },
      {
        done: t('dealLines.saved'),
        undo: {
          command: 'updateRecord',
          input: { entity: 'deal', id: deal.id, values: former },
          entity: 'deal',
          ids: [deal.id],
          left: { lines: values.lines },
        },
      },
    );
    if (outcome !== null) onClose();
  }

  return (
    <FormDialog isOpen size="xl" title={t('dealLines.edit')} isTyped={!isJsonEqual(lines, start)} onClose={onClose}>
      {(cancel) => (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack gap="sm">
            <table className={`${classes.table ?? ''} ${classes.edited ?? ''}`}>
              <thead>
                <tr>
                  <th scope="col">{t('dealLines.product')}</th>
                  <th scope="col">{t('dealLines.quantity')}</th>
                  <th scope="col">{t('dealLines.unitPrice')}</th>
                  <th scope="col">{t('dealLines.discount')}</th>
                  <th scope="col">{t('dealLines.total')}</th>
                  <th scope="col">
                    <VisuallyHidden>{t('dealLines.actions')}</VisuallyHidden>
                  </th>
                </tr>
              </thead>
              <tbody>
                {lines.map((line, index) => {
                  const number = index + 1;
                  const problems = isTried ? problemsOfLine(line) : {};
                  const total = valueOfLine(toLine(line), 'total');
                  const errorOf = (field: keyof typeof problems): string | undefined => {
                    const problem = problems[field];
                    return problem === undefined ? undefined : t(`problems.${problem}`);
                  };
                  return (
                    <tr key={line.key} data-line={number}>
                      <td>
                        <ReferenceInput
                          entity="product"
                          size="xs"
                          ariaLabel={t('dealLines.productOf', { number })}
                          placeholder={t('dealLines.choose')}
                          value={line.productId}
                          valueLabel={nameOf(line.productId)}
                          error={errorOf('productId')}
                          onChange={(id) => void choose(line.key, id)}
                        />
                      </td>
                      <td>
                        <NumberInput
                          size="xs"
                          w={80}
                          hideControls
                          min={0}
                          allowedDecimalSeparators={['.', ',']}
                          aria-label={t('dealLines.quantityOf', { number })}
                          value={line.quantity ?? ''}
                          error={errorOf('quantity')}
                          onChange={(value) => change(line.key, { quantity: value === '' ? null : value })}
                        />
                      </td>
                      <td>
                        <TypedNumberInput
                          size="xs"
                          w={140}
                          aria-label={t('dealLines.unitPriceOf', { number })}
                          value={line.unitPrice}
                          currency={currency}
                          error={errorOf('unitPrice')}
                          onChange={(unitPrice) => change(line.key, { unitPrice })}
                        />
                      </td>
                      <td>
                        <NumberInput
                          size="xs"
                          w={84}
                          hideControls
                          min={0}
                          max={100}
                          suffix=" %"
                          allowedDecimalSeparators={['.', ',']}
                          aria-label={t('dealLines.discountOf', { number })}
                          value={line.discountPercent ?? ''}
                          error={errorOf('discountPercent')}
                          onChange={(value) => change(line.key, { discountPercent: value === '' ? null : value })}
                        />
                      </td>
                      <td>{typeof total === 'number' ? format.money(total, currency) : ''}</td>
                      <td>
                        <ActionIcon
                          aria-label={t('dealLines.remove', { number })}
                          title={t('dealLines.remove', { number })}
                          onClick={() => setLines(lines.filter(({ key }) => key !== line.key))}
                        >
                          <IconX size={14} />
                        </ActionIcon>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row" colSpan={4}>
                    {t('dealLines.sum')}
                  </th>
                  <td>{format.money(sumOfLines(lines.map(toLine)), currency)}</td>
                </tr>
              </tfoot>
            </table>
            <div>
              <Button
                size="compact-xs"
                variant="subtle"
                leftSection={<IconPlus size={14} />}
                disabled={lines.length >= MOST_LINES}
                onClick={() => setLines([...lines, createLine()])}
              >
                {t('dealLines.add')}
              </Button>
            </div>
            <Text size="xs" c="dimmed">
              {t('dealLines.amountNote')}
            </Text>
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit">{t('common.save')}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
