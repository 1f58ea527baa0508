import { z } from 'zod'
import { rest } from '../rest.ts'
import { SettingsAlone, settings } from './settings.ts'
import { SettingsChange, updateSettings } from './update-settings.ts'

export const settingsRoutes = [
  rest(
    'GET',
    '/settings',
    { summary: 'What the company has decided for everybody', input: z.object({}), answers: SettingsAlone },
    settings,
  ),
  rest(
    'PUT',
    '/settings',
    { summary: 'Decide for everybody', input: SettingsChange, answers: SettingsAlone },
    updateSettings,
  ),
]
