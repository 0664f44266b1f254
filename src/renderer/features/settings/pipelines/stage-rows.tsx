import { ActionIcon, Button, Group, NumberInput, Select, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { IconArrowBackUp, IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import {
  createStage,
  inOrder,
  MOST_STAGE_NAME,
  moveStage,
  openCategories,
  problemsOf,
  type EditedStage,
} from '#shared/entities/pipeline/edit-stages.ts';
import { stageTypes } from '#shared/entities/pipeline/pipeline.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from '../settings.module.css';

type Leaving = Readonly<Record<string, string>>;

interface RowsProps {
  /** In the order of the pipeline. */
  readonly stages: readonly EditedStage[];
  readonly leaving: Leaving;
  /** Deals by stage; null until that is known. */
  readonly counts: ReadonlyMap<string, number> | null;
  readonly isTried: boolean;
  readonly onChange: (stages: readonly EditedStage[]) => void;
  readonly onLeave: (leaving: Leaving) => void;
}

/** The stages of a pipeline, one below the other. */
export function StageRows(props: RowsProps) {
  const { t } = useTranslation();
  const { stages, onChange } = props;
  return (
    <div>
      <table className={classes.table} data-testid="stages">
        <thead>
          <tr>
            <th scope="col">{t('pipelines.stage')}</th>
            <th scope="col">{t('pipelines.type')}</th>
            <th scope="col">{t('pipelines.probability')}</th>
            <th scope="col">{t('pipelines.category')}</th>
            <th scope="col" className={classes.number}>
              {t('pipelines.deals')}
            </th>
            <th scope="col">
              <VisuallyHidden>{t('pipelines.actions')}</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {stages.map((stage, index) => (
            <StageRow key={stage.id} {...props} stage={stage} index={index} />
          ))}
        </tbody>
      </table>
      <Group gap="xs" mt="xs">
        {stageTypes.map((type) => (
          <Button
            key={type}
            size="compact-xs"
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            onClick={() => onChange(inOrder([...stages, createStage(crypto.randomUUID(), type)]))}
          >
            {t(`pipelines.add.${type}`)}
          </Button>
        ))}
      </Group>
    </div>
  );
}

function StageRow(props: RowsProps & { readonly stage: EditedStage; readonly index: number }) {
  const { t } = useTranslation();
  const names = useNames();
  const { stage, index, stages, leaving, counts, onChange, onLeave } = props;
  const count = counts?.get(stage.id) ?? 0;
  const number = index + 1;
  const isLeaving = leaving[stage.id] !== undefined;
  const problems =
    props.isTried && !isLeaving
      ? problemsOf(
          stage,
          stages.filter(({ id }) => leaving[id] === undefined),
        )
      : {};
  // Deals go to a stage that is there already and stays.
  const heirs = stages.filter(
    ({ id, type, name }) => id !== stage.id && type === 'open' && leaving[id] === undefined && name.trim() !== '',
  );
  const isHeir = Object.values(leaving).includes(stage.id);
  const mayGo = counts !== null && !isHeir && (count === 0 || (stage.type === 'open' && heirs.length > 0));
  const change = (next: Partial<EditedStage>): void =>
    onChange(stages.map((other) => (other.id === stage.id ? { ...other, ...next } : other)));

  function remove(): void {
    const [heir] = heirs;
    if (count === 0) onChange(stages.filter(({ id }) => id !== stage.id));
    else if (heir !== undefined) onLeave({ ...leaving, [stage.id]: heir.id });
  }

  function keep(): void {
    onLeave(Object.fromEntries(Object.entries(leaving).filter(([id]) => id !== stage.id)));
  }

  if (isLeaving) {
    return (
      <tr data-stage={stage.id}>
        <td>
          <s>{stage.name}</s>
        </td>
        <td colSpan={4}>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm">{t('pipelines.dealsGoTo', { count })}</Text>
            <Select
              size="xs"
              w={190}
              allowDeselect={false}
              aria-label={t('pipelines.heirOf', { name: stage.name })}
              data={heirs.map(({ id, name }) => ({ value: id, label: name }))}
              value={leaving[stage.id] ?? null}
              onChange={(heir) => {
                if (heir !== null) onLeave({ ...leaving, [stage.id]: heir });
              }}
            />
          </Group>
        </td>
        <td>
          <Group justify="flex-end">
            <ActionIcon
              aria-label={t('pipelines.keep', { name: stage.name })}
              title={t('pipelines.keep', { name: stage.name })}
              onClick={keep}
            >
              <IconArrowBackUp size={15} />
            </ActionIcon>
          </Group>
        </td>
      </tr>
    );
  }

  return (
    <tr data-stage={stage.id}>
      <td>
        <TextInput
          size="xs"
          maxLength={MOST_STAGE_NAME}
          aria-label={t('pipelines.stageName', { number })}
          value={stage.name}
          error={problems.name === undefined ? undefined : t(`problems.${problems.name}`)}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
      </td>
      <td>{t(`pipelines.types.${stage.type}`)}</td>
      <td>
        {stage.type === 'open' ? (
          <NumberInput
            size="xs"
            w={84}
            min={0}
            max={100}
            suffix=" %"
            aria-label={t('pipelines.probabilityOf', { name: stage.name, number })}
            value={stage.probability ?? ''}
            error={problems.probability === undefined ? undefined : t(`problems.${problems.probability}`)}
            onChange={(value) => change({ probability: typeof value === 'number' ? value : null })}
          />
        ) : (
          <span className="op-muted">{`${String(stage.probability ?? 0)} %`}</span>
        )}
      </td>
      <td>
        {stage.type === 'open' ? (
          <Select
            size="xs"
            w={150}
            allowDeselect={false}
            aria-label={t('pipelines.categoryOf', { name: stage.name, number })}
            data={openCategories.map((value) => ({
              value,
              label: names.option(entities.deal, 'forecastCategory', value),
            }))}
            value={stage.forecastCategory}
            onChange={(value) => {
              const next = openCategories.find((known) => known === value);
              if (next !== undefined) change({ forecastCategory: next });
            }}
          />
        ) : (
          <span className="op-muted">{names.option(entities.deal, 'forecastCategory', stage.forecastCategory)}</span>
        )}
      </td>
      <td className={classes.number}>{counts === null || count === 0 ? '' : count}</td>
      <td>
        <Group gap={2} wrap="nowrap" justify="flex-end">
          {([-1, 1] as const).map((by) => {
            const label = t(by === -1 ? 'pipelines.moveUp' : 'pipelines.moveDown', { name: stage.name });
            const Icon = by === -1 ? IconArrowUp : IconArrowDown;
            return (
              <ActionIcon
                key={by}
                aria-label={label}
                title={label}
                disabled={moveStage(stages, index, by) === stages}
                onClick={() => onChange(moveStage(stages, index, by))}
              >
                <Icon size={14} />
              </ActionIcon>
            );
          })}
          <ActionIcon
            aria-label={t('pipelines.remove', { name: stage.name })}
            title={mayGo ? t('pipelines.remove', { name: stage.name }) : t('pipelines.stageStays', { count })}
            disabled={!mayGo}
            onClick={remove}
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
      </td>
    </tr>
  );
}
