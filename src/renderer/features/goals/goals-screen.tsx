// Goals: what people and teams should reach, who is how far, and who is ahead of whom. Worked out on this computer from the
// records its user sees; whoever may sets them here.
import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconPlus, IconFlag } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import { ListMenu } from '#renderer/blocks/list-menu.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import { GoalDialog } from '#renderer/features/goals/goal-dialog.tsx';
import { GoalGroups } from '#renderer/features/goals/goal-groups.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { goalTimes, type GoalTime } from '#shared/analytics/goals/goal-question.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const EVERYBODY = 'everybody';
const MINE = 'mine';

export function GoalsScreen() {
  const { t } = useTranslation();
  const can = useCan();
  const isFirstSync = useIsFirstSync();
  const userId = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.userId : '',
  );
  const [time, setTime] = useState<GoalTime>('current');
  const [whose, setWhose] = useState(EVERYBODY);
  const [isSetting, setSetting] = useState(false);
  const teams = useLive('list', { entity: 'team', sort: [{ field: 'name', direction: 'asc' }], offset: 0, limit: 500 });
  const of = whose === EVERYBODY ? {} : whose === MINE ? { person: userId } : { team: whose };
  const { data } = useLive('goals', { time, ...of });
  const maySet = can('create', entities.goal);
  const isEmpty = data?.goals.length === 0 && !isFirstSync;
  const set = { label: t('goals.set'), onClick: () => setSetting(true) };
  return (
    <Page
      title={t('goals.title')}
      actions={
        maySet ? (
          <Button leftSection={<IconPlus size={15} />} onClick={set.onClick}>
            {set.label}
          </Button>
        ) : null
      }
      toolbar={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('goals.time')}
            value={time}
            onChange={setTime}
            data={goalTimes.map((value) => ({ value, label: t(`goals.times.${value}`) }))}
          />
          <Select
            size="xs"
            w={200}
            aria-label={t('goals.whose')}
            allowDeselect={false}
            searchable
            nothingFoundMessage={t('common.nothingFound')}
            value={whose}
            onChange={(value) => setWhose(value ?? EVERYBODY)}
            data={[
              { value: EVERYBODY, label: t('goals.everybody') },
              { value: MINE, label: t('goals.mine') },
              ...(teams.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: textOf(name) })),
            ]}
          />
          <div style={{ flex: 1 }} />
          <ListMenu entity="goal" />
        </>
      }
    >
      {isEmpty ? (
        <EmptyState
          icon={<IconFlag size={28} stroke={1.4} />}
          title={t(`goals.empty.${time}`)}
          text={maySet ? t('goals.emptyMaySet') : t('goals.emptyText')}
          action={maySet ? set : undefined}
        />
      ) : null}
      {data === undefined ? null : <GoalGroups data={data} />}
      {isSetting ? <GoalDialog onClose={() => setSetting(false)} /> : null}
    </Page>
  );
}
