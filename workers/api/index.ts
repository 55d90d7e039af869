/** The API worker: answers people. */
import { makeApp } from './app.ts'
import { portsOf } from './env.ts'

export default makeApp(portsOf)
