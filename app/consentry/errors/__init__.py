"""Every failure that Consentry tells anybody about, as one tree (`base`), a module for each subject. Import from here."""

from __future__ import annotations

from consentry.errors.audit import *
from consentry.errors.backup import *
from consentry.errors.base import *
from consentry.errors.chain import *
from consentry.errors.codes import *
from consentry.errors.consortium import *
from consentry.errors.erasure import *
from consentry.errors.fhir import *
from consentry.errors.fhir_reading import *
from consentry.errors.gateway import *
from consentry.errors.keys import *
from consentry.errors.oauth import *
from consentry.errors.release import *
from consentry.errors.resources import *
from consentry.errors.sealing import *
from consentry.errors.storage import *
