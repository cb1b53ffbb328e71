/** The annotation of a namespace that registering a runtime made; its value is the name of that namespace. No other one is removed with a runtime. */
export const registrationMark = 'portolan.dev/registration';
