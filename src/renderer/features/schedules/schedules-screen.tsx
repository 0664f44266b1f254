// Reports that are mailed on schedule: when each runs next, what came of the last time, and whom every run reached.
import { Alert, Button } from '@mantine/core';
import { IconCalendarTime } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useMailState } from '#renderer/blocks/use-mail-state.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { ScheduleCard } from '#renderer/features/schedules/schedule-card.tsx';
import { ScheduleForm } from '#renderer/features/schedules/schedule-form.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { entities } from '#shared/entities/registry.ts';
import classes from './schedules.module.css';

/** `/schedules`, one of them unfolded at `/analytics/schedules/:id`; `?report=` begins a new one. */
export function SchedulesScreen() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id: unfolded } = useParams();
  const [search] = useSearchParams();
  const mayPlan = useCan()('create', entities.reportSchedule);
  const mail = useMailState();
  const [edited, setEdited] = useState<LocalRecord | null>(null);
  const userId = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.userId : '',
  );
  const { data } = useLive('list', {
    entity: 'reportSchedule',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  const wanted = search.get('report');
  const reportId = edited === null ? wanted : String(edited['reportId']);
  const { data: found } = useLive('record', reportId === null ? null : { entity: 'report', id: reportId });
  const report = found?.record ?? null;
  const schedules = data?.rows ?? [];

  function close(id: string | null): void {
    setEdited(null);
    const stays = id ?? unfolded;
    void navigate(stays === undefined ? '/analytics/schedules' : `/analytics/schedules/${stays}`, { replace: true });
  }

  return (
    <Page
      title={t('schedules.title')}
      subtitle={t('schedules.lead')}
      actions={
        <Button variant="default" onClick={() => void navigate('/analytics/pivot')}>
          {t('nav.pivot')}
        </Button>
      }
    >
      {mail?.isSetUp === false ? (
        <Alert color="yellow" mb="md" role="status" maw={860}>
          {t('schedules.mailNotSetUp')}
        </Alert>
      ) : null}
      {data !== undefined && schedules.length === 0 ? (
        <EmptyState
          icon={<IconCalendarTime size={34} stroke={1.4} />}
          title={t('schedules.none')}
          text={t(mayPlan ? 'schedules.noneText' : 'schedules.noneForYou')}
          {...(mayPlan
            ? { action: { label: t('schedules.openPivot'), onClick: () => void navigate('/analytics/pivot') } }
            : {})}
        />
      ) : null}
      <div className={classes.list}>
        {schedules.map((schedule) => (
          <ScheduleCard
            key={schedule.id}
            schedule={schedule}
            labels={data?.labels ?? {}}
            isUnfolded={unfolded === schedule.id}
            onFold={(isOpen) =>
              void navigate(isOpen ? `/analytics/schedules/${schedule.id}` : '/analytics/schedules', { replace: true })
            }
            onEdit={() => setEdited(schedule)}
          />
        ))}
      </div>
      {report !== null && (edited !== null || mayPlan) ? (
        <ScheduleForm key={edited?.id ?? report.id} schedule={edited} report={report} userId={userId} onClose={close} />
      ) : null}
    </Page>
  );
}
