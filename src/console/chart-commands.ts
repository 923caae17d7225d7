import { metrics } from '../fleet/history/history.ts'
import type { Command } from './command.ts'
import type { ConsoleState } from './state.ts'

function chartCommand(
  id: string,
  keys: Command['keys'],
  title: string,
  help: string,
  change: (chart: ConsoleState['chart']) => ConsoleState['chart'],
): Command {
  return {
    id,
    keys,
    title,
    help: `${help} On the charts.`,
    on: ['charts'],
    ...(id === 'chart-previous' ? {} : { footer: 'room' as const }),
    run: (console) => {
      console.chart = change(console.chart)
    },
  }
}

function shifted({ metric, isLong }: ConsoleState['chart'], by: number): ConsoleState['chart'] {
  const index = (metrics.indexOf(metric) + by + metrics.length) % metrics.length
  return { metric: metrics[index] ?? 'connections', isLong }
}

/** What keys do on the charts. */
export const chartCommands: readonly Command[] = [
  chartCommand('chart-next', ['tab', 'right'], 'Next chart', 'Draws the next thing.', (chart) =>
    shifted(chart, 1),
  ),
  chartCommand('chart-previous', ['backtab'], 'Chart before', 'Draws the thing before.', (chart) =>
    shifted(chart, -1),
  ),
  chartCommand('chart-span', ['z'], 'Zoom', 'Draws the last 24 hours, or the last ten minutes.', (chart) => ({
    ...chart,
    isLong: !chart.isLong,
  })),
]
