"""People as the registers have them: on the way to admission, trained, founders, secretaries, in reserve; people, never attendances."""
