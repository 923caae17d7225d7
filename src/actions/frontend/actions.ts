import type { FrontendAction } from '../action.ts'
import { drillFrontend } from '../drill/action.ts'
import { clone } from './clone.ts'
import { dutyActions } from './duty.ts'
import { remove } from './remove.ts'

export const frontendActions: readonly FrontendAction[] = [...dutyActions, clone, remove, drillFrontend]
