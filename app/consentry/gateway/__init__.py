"""The gateway of one member: FHIR facade, JSON API and the patient's page (design §8). Routes only; rules are in services."""
