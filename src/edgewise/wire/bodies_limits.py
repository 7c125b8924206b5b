"""Request and response shapes of limit configurations, named as HubSpot names them."""

from __future__ import annotations

from edgewise.wire.bodies import BatchResponse, Body


class PublicAssociationSpec(Body):
    category: str
    type_id: int


class BatchInputPublicAssociationSpec(Body):
    inputs: list[PublicAssociationSpec]


class PublicAssociationDefinitionConfigurationCreateRequest(Body):
    category: str
    type_id: int
    max_to_object_ids: int


class BatchInputPublicAssociationDefinitionConfigurationCreateRequest(Body):
    inputs: list[PublicAssociationDefinitionConfigurationCreateRequest]


class PublicAssociationDefinitionConfigurationUpdateRequest(Body):
    category: str
    type_id: int
    max_to_object_ids: int


class BatchInputPublicAssociationDefinitionConfigurationUpdateRequest(Body):
    inputs: list[PublicAssociationDefinitionConfigurationUpdateRequest]


class PublicAssociationDefinitionConfigurationUpdateResult(Body):
    category: str
    type_id: int
    user_enforced_max_to_object_ids: int | None


class PublicAssociationDefinitionUserConfiguration(Body):
    category: str
    type_id: int
    user_enforced_max_to_object_ids: int | None
    label: str | None


class CollectionResponsePublicAssociationDefinitionUserConfigurationNoPaging(Body):
    results: list[PublicAssociationDefinitionUserConfiguration]


class BatchResponsePublicAssociationDefinitionUserConfiguration(BatchResponse):
    results: list[PublicAssociationDefinitionUserConfiguration]


class BatchResponsePublicAssociationDefinitionConfigurationUpdateResult(BatchResponse):
    results: list[PublicAssociationDefinitionConfigurationUpdateResult]
