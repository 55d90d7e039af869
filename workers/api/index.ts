/** The API worker: answers people. */
import { portsOf } from '../../shared/bindings.ts'
import { makeApp } from './app.ts'

export default makeApp(portsOf)
